"""What votes on the weights say together. Pure: votes in, numbers and sentences out."""
