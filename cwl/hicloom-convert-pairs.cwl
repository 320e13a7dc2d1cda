#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Convert Juicer's or HiC-Pro's contacts to sorted pairs of the upper triangle.
doc: |
  Mapping qualities and Juicer's fragment numbers become the columns mapq1, mapq2, frag1,
  frag2 where the format has them. Every pair type is UU, for both ends are mapped; no
  pair is dropped for a low mapping quality.
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
baseCommand: [hicloom, convert-pairs]
arguments:
  - {position: 9, prefix: --tmpdir, valueFrom: $(runtime.tmpdir)}
inputs:
  contacts:
    type: File
    doc: Contacts, plain or gzip.
    inputBinding: {position: 1}
  output:
    type: string
    default: out.pairs.gz
    doc: 'Sorted pairs: `.gz` is written as BGZF with a `.px2` index beside it.'
    inputBinding: {position: 9, prefix: --output}
  format:
    type: {type: enum, symbols: [merged_nodups, medium, short, validpairs]}
    doc: |
      Juicer's merged_nodups.txt (long format), medium or short format, or HiC-Pro's
      validPairs and allValidPairs.
    inputBinding: {position: 9, prefix: --format}
  chromsizes:
    type: File
    doc: Chromosomes and lengths; their order defines the upper triangle.
    inputBinding: {position: 9, prefix: --chromsizes}
  assembly:
    type: string
    default: unknown
    doc: Name of the genome assembly, for the header.
    inputBinding: {position: 9, prefix: --assembly}
  drop_unknown:
    type: boolean
    default: false
    doc: |
      Leave out contacts on chromosomes that are not in `chromsizes`, and count them (else
      they are an error).
    inputBinding: {position: 9, prefix: --drop-unknown}
  threads:
    type: int
    default: 2
    doc: Threads that sort and compress.
    inputBinding: {position: 9, prefix: --threads}
  memory:
    type: int
    default: 2048
    doc: What sorting may take (MB); more than that is spilled to `tmpdir`.
    inputBinding: {position: 9, prefix: --memory, valueFrom: $(self)M}
  ram: {type: int, default: 4096, doc: Memory (MB) to ask the machine for.}
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
