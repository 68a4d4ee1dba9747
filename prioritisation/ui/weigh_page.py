def weigh(view): pass
