"""Tables of cases in the formats that others read: for spreadsheets, for programs, for columns by the million."""
