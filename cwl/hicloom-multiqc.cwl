#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Show libraries and maps in a report of MultiQC, without the network.
doc: |
  MultiQC reads the tables of pairtools by itself. What it knows nothing of, it is given as
  custom content: P(s), complexity and metrics of libraries, and of maps whether they are
  balanced and have their norms.
requirements:
  ResourceRequirement:
    coresMin: 1
    ramMin: $(inputs.ram)
    tmpdirMin: $(inputs.disk)
    outdirMin: $(inputs.disk)
hints:
  DockerRequirement:
    dockerPull: hicloom-report:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}
baseCommand: [hicloom, multiqc]
inputs:
  output:
    type: string
    default: multiqc
    doc: |
      Folder for `multiqc_report.html`, `multiqc_data` (every number as JSON) and `content`
      (what MultiQC was given). One that is there already is replaced.
    inputBinding: {position: 9, prefix: --output}
  qc:
    type: File[]?
    doc: Libraries, as `hicloom stats --output` or `hicloom dedup --qc` writes them.
    inputBinding: {position: 9, prefix: --qc}
  stats:
    type: File[]?
    doc: Tables of `pairtools stats`, as `hicloom dedup --stats` writes them.
    inputBinding: {position: 9, prefix: --stats}
  mcool:
    type: File[]?
    doc: Maps; they are called by the group and the filter in `GROUP.ASSEMBLY.FILTER.mcool`.
    inputBinding: {position: 9, prefix: --mcool}
  hic:
    type: File[]?
    doc: The same maps for Juicebox.
    inputBinding: {position: 9, prefix: --hic}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: Directory
    outputBinding: {glob: $(inputs.output)}
