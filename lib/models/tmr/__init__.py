"""TMR, the motion-text model: networks, losses, training, checkpoints."""
