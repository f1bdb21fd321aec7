"""The advice engine: values in, values out.

Here lives what the public is told and why (advice.md). Django, the clock, files, the network
and logging do not: everything a function needs is given to it.
"""
