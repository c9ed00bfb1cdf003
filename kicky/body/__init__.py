"""The shooter's body: its landmarks in the picture, its legs and the foot that struck, and all of it in metres.

`pose` looks for it, `legs` and `foot` tell left from right, `heading` says which way the shot goes that it turns to;
`fit` makes one body in metres of all that, `stance` turns it so that two compare, `limbs` and `skeleton` know how it
hangs together. Each is asked by its name and nothing is imported here: who draws limbs waits for no SciPy.
"""
