"""The rulebooks a counter may advise by: the one in force, copies of those that were, the trial of a new one."""
