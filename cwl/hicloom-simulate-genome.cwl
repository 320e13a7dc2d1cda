#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Simulate a genome with repeats, exact duplications, gaps and uneven GC content.
doc: |
  Repeats are diverged copies of a few families, in lower case; segments of 2 to 5 kb,
  one each 500 kb, are there twice, letter for letter, and so cannot be mapped uniquely.
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
baseCommand: [hicloom, simulate, genome]
inputs:
  output:
    type: string
    default: out.fa.gz
    doc: FASTA file to write; BGZF when it ends in .gz.
    inputBinding: {position: 9, prefix: --output}
  chromosomes:
    type: string
    default: '4'
    doc: |
      How many chromosomes (chr1 of 1.2 Mb, each next one shorter, and chrM), or their
      names and lengths in bp: chr1:400000,chr2:300000.
    inputBinding: {position: 9, prefix: --chromosomes}
  repeats:
    type: float
    default: 0.2
    doc: Fraction of each chromosome that repeats cover, 0 to 0.8.
    inputBinding: {position: 9, prefix: --repeats}
  gaps:
    type: int
    default: 2
    doc: Runs of N in each chromosome of at least 100 kb.
    inputBinding: {position: 9, prefix: --gaps}
  seed:
    type: int
    default: 0
    doc: The same seed gives the same genome.
    inputBinding: {position: 9, prefix: --seed}
  chromsizes:
    type: string?
    doc: Also write names and lengths to this file.
    inputBinding: {position: 9, prefix: --chromsizes}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    format: http://edamontology.org/format_1929  # FASTA
    outputBinding: {glob: $(inputs.output)}
  chromsizes_file:
    type: File?
    format: http://edamontology.org/format_3475  # TSV
    outputBinding: {glob: $(inputs.chromsizes)}
