"""The documents of one case: what each says, whom it is for, and in which forms it comes."""
