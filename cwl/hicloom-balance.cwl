#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: CommandLineTool
label: Balance a contact map, or every one of a file.
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
baseCommand: [hicloom, balance]
arguments:
  - {position: 9, prefix: --tmpdir, valueFrom: $(runtime.tmpdir)}
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
    default: out.mcool
    doc: A copy of the file with the weights.
    inputBinding: {position: 9, prefix: --output}
  ignore_diags:
    type: int
    default: 2
    doc: Diagonals left out, the main one first.
    inputBinding: {position: 9, prefix: --ignore-diags}
  mad_max:
    type: int
    default: 5
    doc: |
      Leave out bins whose log sum is this many median absolute deviations below the
      median; 0 for none.
    inputBinding: {position: 9, prefix: --mad-max}
  min_nnz:
    type: int
    default: 10
    doc: Leave out bins with fewer pixels.
    inputBinding: {position: 9, prefix: --min-nnz}
  min_count:
    type: int
    default: 0
    doc: Leave out bins with a smaller sum.
    inputBinding: {position: 9, prefix: --min-count}
  blacklist:
    type: File?
    doc: BED file of regions whose bins are left out.
    inputBinding: {position: 9, prefix: --blacklist}
  cis_only:
    type: boolean
    default: false
    doc: Balance each chromosome alone.
    inputBinding: {position: 9, prefix: --cis-only}
  trans_only:
    type: boolean
    default: false
    doc: Balance contacts between chromosomes only.
    inputBinding: {position: 9, prefix: --trans-only}
  tol:
    type: float
    default: 1.0e-05
    doc: Variance of the bins' sums at which balancing has converged.
    inputBinding: {position: 9, prefix: --tol}
  max_iters:
    type: int
    default: 200
    doc: Iterations after which it has not.
    inputBinding: {position: 9, prefix: --max-iters}
  convergence_policy:
    type: {type: enum, symbols: [store_nan, store_final, discard, error]}
    default: store_nan
    doc: 'What to store then: NaN, the last weights, nothing, or fail.'
    inputBinding: {position: 9, prefix: --convergence-policy}
  name:
    type: string
    default: weight
    doc: Column of the bins for the weights.
    inputBinding: {position: 9, prefix: --name}
  force:
    type: boolean
    default: false
    doc: Replace such a column.
    inputBinding: {position: 9, prefix: --force}
  threads:
    type: int
    default: 2
    doc: Threads; the weights do not depend on them.
    inputBinding: {position: 9, prefix: --threads}
  memory:
    type: int
    default: 4096
    doc: Limit of memory; pixels that do not fit go to a temporary file.
    inputBinding: {position: 9, prefix: --memory, valueFrom: $(self)M}
  ram: {type: int, default: 8192, doc: Memory (MB) to ask the machine for.}
  disk:
    type: int
    default: 4096
    doc: Disk (MB) to ask for, once for outputs and once for temporary files.
outputs:
  output_file:
    type: File
    format: http://edamontology.org/format_3590  # HDF5
    outputBinding: {glob: $(inputs.output)}
