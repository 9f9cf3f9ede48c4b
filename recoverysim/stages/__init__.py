"""The stages of the journey, one file each: what happens to a person there in a week."""
