#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: List where a restriction enzyme, or a mix of several, cuts a genome.
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
baseCommand: [hicloom, fragments]
inputs:
  fasta:
    type: File
    doc: Genome, plain or gzip. Chromosomes are listed in its order.
    inputBinding: {position: 1}
  output:
    type: string
    default: out.txt
    doc: File to write.
    inputBinding: {position: 9, prefix: --output}
  enzyme:
    type: string?
    doc: |
      HindIII, DpnII, MboI, Sau3AI, MseI, NcoI, NlaIII, BglII, EcoRI, CviAII, Csp6I,
      HinfI, DdeI, Arima (GATC, GANTC) or Arima2 (these, CTNAG and TTAA).
    inputBinding: {position: 9, prefix: --enzyme}
  motif:
    type: string[]?
    doc: |
      Instead of an enzyme: motifs in IUPAC letters, separated by commas, `^` at the cut
      (`GATC,G^ANTC`); without `^` the cut is before the motif. One that reads otherwise
      on the other strand is looked for on both.
    inputBinding: {position: 9, prefix: --motif}
  format:
    type: {type: enum, symbols: [juicer, bed]}
    default: juicer
    doc: |
      `juicer`: a line a chromosome with its name, the 1-based first bases of the motifs
      and its length. `bed`: a line a fragment, 0-based, half-open, edges at the cuts.
    inputBinding: {position: 9, prefix: --format}
  ram: {type: int, default: 2048, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    outputBinding: {glob: $(inputs.output)}
