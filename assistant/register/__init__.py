"""The list of cases as a supervisor goes through it: what is looked for, typed in one line, kept and asked again."""
