"""The screens: played in a real terminal from the first key, and looked at closely without one."""
