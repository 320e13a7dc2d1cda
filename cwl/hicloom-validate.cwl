#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: 'Check files: FASTQ, FASTA, BAM, pairs, px2, cool, mcool, hic, D4, from start to end.'
doc: |
  A right file gives one line, `FILE: OK`. A wrong one gives a line for every kind of
  violation, with the first place and a count, and the command ends with exit code 2.
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
baseCommand: [hicloom, validate]
arguments:
  - {position: 9, prefix: --tmpdir, valueFrom: $(runtime.tmpdir)}
inputs:
  file:
    type: File
    doc: |
      What it holds is told by the name's ending (`.fastq.gz`, `.bam`, `.pairs.gz`,
      `.px2`, `.mcool` ...), else by its first bytes.
    inputBinding: {position: 1}
  files:
    type: File[]?
    doc: More files.
    inputBinding: {position: 2}
  kind:
    type:
      - 'null'
      - type: enum
        symbols: [fastq, fasta, bam, pairs, px2, cool, hic, d4]
    doc: 'What all of them hold (default: told by each name or its first bytes).'
    inputBinding: {position: 9, prefix: --kind}
  against:
    type: File?
    doc: |
      The pairs file that a `.px2` belongs to (default: the same name without `.px2`). It
      is compared by content; times mean nothing.
    inputBinding: {position: 9, prefix: --against}
  json:
    type: boolean
    default: false
    doc: Print one JSON object a file instead.
    inputBinding: {position: 9, prefix: --json}
  output: {type: string, default: out.txt, doc: The file to write.}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
stdout: $(inputs.output)
outputs:
  output_file: {type: stdout}
