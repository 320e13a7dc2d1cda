"""The 4D Nucleome's tools, as their CWL files call them: names, defaults, outputs, quirks.

Each takes the inputs of the CWL tool of its name as options (docker-4dn-hic, pipelines-cwl) and
writes files of the names that job files wait for, into the current folder. The work is done by
hicloom's own steps, with the parameters that 4DN's commands have.
"""
