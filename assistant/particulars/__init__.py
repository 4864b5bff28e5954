"""What is typed about a person: checked as it is typed, masked wherever it is shown, found where it does not belong."""
