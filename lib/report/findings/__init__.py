"""What the numbers say, in sentences made of the numbers: findings, and alternative texts of figures."""
