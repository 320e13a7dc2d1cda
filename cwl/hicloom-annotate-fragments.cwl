#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: 'Add columns frag1 and frag2: the restriction fragments that the two ends lie on.'
doc: |
  Fragments are counted from 0 on each chromosome; a motif's first base begins the next
  fragment. The numbers are those of 4DN's fragment_4dnpairs.pl and Juicer's fragment.pl.
requirements:
  ResourceRequirement:
    coresMin: $(inputs.threads)
    ramMin: $(inputs.ram)
    tmpdirMin: $(inputs.disk)
    outdirMin: $(inputs.disk)
hints:
  DockerRequirement:
    dockerPull: hicloom-contacts:0.1.0
  SoftwareRequirement:
    packages:
      hicloom: {version: [0.1.0]}
baseCommand: [hicloom, annotate-fragments]
inputs:
  pairs:
    type: File
    doc: Pairs.
    inputBinding: {position: 1}
  fragments:
    type: File
    doc: Sites in Juicer's format, or fragments as BED (see `hicloom fragments`).
    inputBinding: {position: 9, prefix: --fragments}
  output:
    type: string
    default: out.pairs.gz
    doc: |
      The same pairs with two columns more: `.gz` is written as BGZF, with a `.px2` index
      when they are sorted.
    inputBinding: {position: 9, prefix: --output}
  replace:
    type: boolean
    default: false
    doc: Overwrite columns frag1 and frag2 where the pairs have them (else that is an error).
    inputBinding: {position: 9, prefix: --replace}
  threads:
    type: int
    default: 2
    doc: Threads that compress the output.
    inputBinding: {position: 9, prefix: --threads}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    secondaryFiles:
      - {pattern: .px2, required: false}
    outputBinding: {glob: $(inputs.output)}
