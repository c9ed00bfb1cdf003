"""Groups of commands of the command line, a file each; telling: how they show what is under way."""
