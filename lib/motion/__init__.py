"""Human motion as 22 joints at 20 frames a second: skeleton, features, files and quality."""
