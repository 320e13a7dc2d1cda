#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Show what a run found in one HTML file, which needs nothing else.
doc: |
  The name of a file up to its first dot says which library or group it is of, what stands
  before its ending by which filter a map was made: GROUP.ASSEMBLY.FILTER.mcool.
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
baseCommand: [hicloom, report]
inputs:
  output:
    type: string
    default: report.html
    doc: The HTML file.
    inputBinding: {position: 9, prefix: --output}
  libraries:
    type: string[]?
    doc: |
      All libraries of the run (default: those of --qc); one without numbers is said to have
      failed.
    inputBinding: {position: 9, prefix: --libraries}
  groups:
    type: string[]?
    doc: |
      For each library, in their order, its group, or several with commas (default: the
      library itself).
    inputBinding: {position: 9, prefix: --groups}
  qc:
    type: File[]?
    doc: Numbers of libraries, as `hicloom stats --output` and `hicloom dedup --qc` write them.
    inputBinding: {position: 9, prefix: --qc}
  pairs:
    type: File[]?
    doc: Pairs files, whose headers tell what made them.
    inputBinding: {position: 9, prefix: --pairs}
  mcool:
    type: File[]?
    doc: Maps of groups.
    inputBinding: {position: 9, prefix: --mcool}
  hic:
    type: File[]?
    doc: The same maps for Juicebox, whose norms are looked at.
    inputBinding: {position: 9, prefix: --hic}
  d4:
    type: File[]?
    doc: 'Depth: a track a library, or a file a library, of which the last track is drawn.'
    inputBinding: {position: 9, prefix: --d4}
  insulation:
    type: File[]?
    doc: Tables of `cooltools insulation`.
    inputBinding: {position: 9, prefix: --insulation}
  compartments:
    type: File[]?
    doc: Tables of `cooltools eigs-cis` (.cis.vecs.tsv).
    inputBinding: {position: 9, prefix: --compartments}
  expected:
    type: File[]?
    doc: Tables of `cooltools expected-cis`.
    inputBinding: {position: 9, prefix: --expected}
  chromosome:
    type: string?
    doc: 'The chromosome that is shown beside the whole genome (default: the longest one).'
    inputBinding: {position: 9, prefix: --chromosome}
  title:
    type: string
    default: Hi-C report
    doc: Its heading.
    inputBinding: {position: 9, prefix: --title}
  pages:
    type: string?
    doc: Folder for a page a group, GROUP.html, with its maps; the report then has small pictures.
    inputBinding: {position: 9, prefix: --pages}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    format: http://edamontology.org/format_2331  # HTML
    outputBinding: {glob: $(inputs.output)}
  pages_file:
    type: Directory?
    outputBinding: {glob: $(inputs.pages)}
