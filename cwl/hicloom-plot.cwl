#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Draw a contact map.
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
baseCommand: [hicloom, plot]
inputs:
  cool:
    type: File
    doc: 'A .cool or .mcool, or one of the maps of an .mcool: `x.mcool::/resolutions/1000`.'
    inputBinding: {position: 1, valueFrom: $(self.path)$(inputs.map)}
  map:
    type: string
    default: ''
    doc: Which map of an .mcool, such as `::/resolutions/1000`; empty for a .cool.
  output:
    type: string
    default: out.png
    doc: 'The picture: .png, .pdf or .svg.'
    inputBinding: {position: 9, prefix: --output}
  region:
    type: string?
    doc: 'What to show, such as `chr1:1,000,000-2,000,000` or `chr1` (default: the genome).'
    inputBinding: {position: 9, prefix: --region}
  resolution:
    type: int?
    doc: 'Bin size in bp (default: the finest that is not mostly empty nor has too many bins).'
    inputBinding: {position: 9, prefix: --resolution}
  balanced:
    type: boolean
    default: true
    doc: Show balanced contacts; `--no-balanced` shows the counts.
    inputBinding: {position: 9, valueFrom: --balanced=$(self)}
  title:
    type: string?
    doc: 'Title (default: name of the file, region, resolution).'
    inputBinding: {position: 9, prefix: --title}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    outputBinding: {glob: $(inputs.output)}
