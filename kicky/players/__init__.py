"""Who P1 is: what somebody looks like, and which of the people we know that is.

gallery: the frames around the kick -> pictures of each player. colours: pixels -> histograms that light hardly
changes. describing: pictures, pose -> Appearance. standing: the keeper who does not move, whom motion misses.
knowing: Appearance, the named ones -> who it is, how surely, or nobody.
"""
