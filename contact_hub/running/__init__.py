"""The whole hub on one machine, under one parent.

surroundings   the folder, its lock, the ports, and the settings every process gets
children       a process that is started again when it dies
hub            which processes, in which order; how they stop
"""
