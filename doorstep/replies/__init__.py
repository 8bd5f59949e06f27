"""The words: replies are named by Python and worded in replies/<language>/."""
