#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Print what a run made, or what a file holds and what made it.
doc: |
  Told are the assembly, the numbers, the date and the parameters where the file records them,
  and the programs with their versions and commands, the first one first.
requirements:
  ResourceRequirement:
    coresMin: 1
    ramMin: $(inputs.ram)
    tmpdirMin: $(inputs.disk)
    outdirMin: $(inputs.disk)
hints:
  DockerRequirement:
    dockerPull: hicloom-contacts:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}
baseCommand: [hicloom, describe]
inputs:
  path:
    type: [File, Directory]
    doc: |
      The folder `results` of a run, or a pairs file or its index, a `.cool`, `.mcool`, `.hic`,
      `.d4`, bigWig, BAM or CRAM file, whatever its name.
    inputBinding: {position: 1}
  output: {type: string, default: out.txt, doc: The file to write.}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
stdout: $(inputs.output)
outputs:
  output_file: {type: stdout}
