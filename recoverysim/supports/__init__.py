"""What services can add around the journey: after care, beside it, and on medication."""
