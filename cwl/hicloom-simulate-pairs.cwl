#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Simulate sorted pairs in any number for any chromosomes.
doc: |
  Contacts fall with distance as 1 / (s + 1 kb), with compartments, domains, loops and
  uneven coverage that depend on the chromsizes only. Memory does not grow with the number.
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
baseCommand: [hicloom, simulate, pairs]
inputs:
  chromsizes:
    type: File
    doc: Names and lengths; their order defines the upper triangle.
    inputBinding: {position: 9, prefix: --chromsizes}
  output:
    type: string
    default: out.pairs.gz
    doc: Pairs file; BGZF with its .px2 when it ends in .gz.
    inputBinding: {position: 9, prefix: --output}
  pairs:
    type: int
    default: 1000000
    doc: Lines to write.
    inputBinding: {position: 9, prefix: --pairs}
  cis:
    type: float
    default: 0.8
    doc: Fraction of the pairs that are within a chromosome.
    inputBinding: {position: 9, prefix: --cis}
  mapq:
    type: boolean
    default: true
    doc: Write the columns mapq1 and mapq2.
    inputBinding: {position: 9, valueFrom: --mapq=$(self)}
  raw:
    type: boolean
    default: false
    doc: 'Also rescued, unmapped and multiply mapped pairs, and duplicates: as before dedup.'
    inputBinding: {position: 9, prefix: --raw}
  duplicates:
    type: float
    default: 0.1
    doc: Fraction of the mapped pairs that are duplicates, with --raw.
    inputBinding: {position: 9, prefix: --duplicates}
  assembly:
    type: string
    default: simulated
    doc: Name of the assembly in the header.
    inputBinding: {position: 9, prefix: --assembly}
  seed:
    type: int
    default: 0
    doc: The same seed gives the same pairs.
    inputBinding: {position: 9, prefix: --seed}
  threads:
    type: int
    default: 2
    doc: ''
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
      - {pattern: .px2, required: true}
    outputBinding: {glob: $(inputs.output)}
