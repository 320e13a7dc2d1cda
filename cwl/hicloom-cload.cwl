#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Bin pairs into a contact map.
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
baseCommand: [hicloom, cload]
arguments:
  - {position: 9, prefix: --tmpdir, valueFrom: $(runtime.tmpdir)}
inputs:
  pairs:
    type: File
    doc: Pairs in any order.
    inputBinding: {position: 1}
  output:
    type: string
    default: out.cool
    doc: |
      The map (.cool): upper triangle. The same pixels as of
      `cooler cload pairs -c1 2 -p1 3 -c2 4 -p2 5`.
    inputBinding: {position: 9, prefix: --output}
  bin_size:
    type: int
    default: 1000
    doc: In bp. A pair at (1-based) position p lies in bin (p - 1) // bin_size.
    inputBinding: {position: 9, prefix: --bin-size}
  chromsizes:
    type: File?
    doc: 'Chromosomes of the map and their order (default: the header''s).'
    inputBinding: {position: 9, prefix: --chromsizes}
  assembly:
    type: string?
    doc: 'Name of the genome assembly (default: the header''s).'
    inputBinding: {position: 9, prefix: --assembly}
  drop_other_chromosomes:
    type: boolean
    default: false
    doc: |
      Leave out pairs on chromosomes that the map lacks, and say how many (else they are an
      error).
    inputBinding: {position: 9, prefix: --drop-other-chromosomes}
  count_dtype:
    type: {type: enum, symbols: [int32, int64]}
    default: int32
    doc: Type of the counts; more than 2147483647 pairs in a pixel need `int64`.
    inputBinding: {position: 9, prefix: --count-dtype}
  threads:
    type: int
    default: 2
    doc: Threads that decompress and parse the pairs, and sort and write the pixels.
    inputBinding: {position: 9, prefix: --threads}
  memory:
    type: int
    default: 1024
    doc: |
      What the map may take in memory (MB), beside the program itself; more is spilled
      to `tmpdir`.
    inputBinding: {position: 9, prefix: --memory, valueFrom: $(self)M}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    format: http://edamontology.org/format_3590  # HDF5
    outputBinding: {glob: $(inputs.output)}
