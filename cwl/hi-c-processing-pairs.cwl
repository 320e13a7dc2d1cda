#!/usr/bin/env cwl-runner
cwlVersion: v1.2
class: Workflow

label: Multi-resolution Hi-C contact maps of a set of pairs files
doc: |
  Merges the deduplicated pairs of replicates and makes an .mcool file, with the norms of the .hic file, and
  a .hic file. The resolutions are checked by the first step, before anything is merged.

$namespaces:
  # 4DN's own fields: https://github.com/4dn-dcic/docker-4dn-hic/blob/master/cwl/README.md
  fdn: https://github.com/4dn-dcic/docker-4dn-hic/blob/master/cwl/README.md#
fdn:fdn_meta:
  name: hi-c-processing-pairs
  title: Generation of multiresolution Hi-C contact matrices from a set of contact lists
  data_types: [Hi-C, DNase Hi-C, micro-C, Capture Hi-C, ChIA-PET]
  category: merging + aggregation + normalization
  workflow_type: Hi-C data analysis
  description: >-
    Takes the pairs files of all replicates of a sample, merges them and makes multi-resolution Hi-C
    matrices (mcool and hic) for visualization.

inputs:
  input_pairs:
    type: File[]?
    doc: Sorted pairs files of the replicates. Needed.
    fdn:fdn_format: pairs
  chromsizes:
    type: File
    doc: Chromosomes of the maps and their lengths (bp).
    fdn:fdn_format: chromsize
  restriction_file:
    type: File?
    doc: Juicer's site file. With it, pairs within one restriction fragment are left out of the .hic file.
    fdn:fdn_format: juicer_format_restriction_site_file
  nthreads:
    type: int
    default: 8
    doc: Threads of cooler and cool2mcool.
  min_res:
    type: int
    default: 1000
    doc: Finest resolution (bp); the first of `custom_res`.
  maxmem:
    type: string
    default: 14g
    doc: What gathering pixels for the .hic file, then its norms, may take, such as 14g.
  higlass:
    type: boolean
    default: false
    doc: Use HiGlass's resolutions in the .hic file.
  juicer_res:
    type: boolean
    default: false
    doc: Use Juicer's resolutions in the .mcool file.
  custom_res:
    type: string
    default: 1000,2000,5000,10000,25000,50000,100000,250000,500000,1000000,2500000,5000000,10000000
    doc: Resolutions (bp) of both files, separated by commas.
  nres:
    type: int
    default: 13
    doc: Taken for the sake of old job files; nothing reads it.
  chunksize:
    type: int
    default: 10000000
    doc: Taken for the sake of old job files; the result is the same with any number.
  mapqfilter_juicer:
    type: int
    default: 0
    doc: Leave pairs with a side below this mapping quality out of the .hic file.
  max_split_cooler:
    type: int
    default: 2
    doc: Taken for the sake of old job files; the pairs are read in one pass.
  no_balance:
    type: boolean
    default: false
    doc: Leave the maps without weights and norms.
  memory_mb:
    type: int?
    doc: Memory to ask for in each step (MB; default that of its tool).
  disk_mb:
    type: int?
    doc: Disk to ask for in each step (MB; default that of its tool).

steps:
  merge-pairs:
    run: merge-pairs.cwl
    in:
      input_pairs: {source: input_pairs, fdn:fdn_format: pairs, fdn:fdn_type: data file, fdn:fdn_cardinality: array}
      min_res: {source: min_res, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      custom_res: {source: custom_res, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      higlass: {source: higlass, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      juicer_res: {source: juicer_res, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      memory_mb: {source: memory_mb}
      disk_mb: {source: disk_mb}
    out:
      - {id: merged_pairs, fdn:fdn_format: pairs, fdn:fdn_type: data file, fdn:fdn_cardinality: single}
    fdn:fdn_step_meta:
      analysis_step_types: [merging]
      description: Merging pair files
      software_used: [hicloom_0.1.0]

  addfragtopairs:
    run: addfragtopairs.cwl
    in:
      input_pairs:
        source: merge-pairs/merged_pairs
        fdn:fdn_format: pairs
        fdn:fdn_type: data file
        fdn:fdn_cardinality: single
      restriction_file:
        source: restriction_file
        fdn:fdn_format: juicer_format_restriction_site_file
        fdn:fdn_type: reference file
        fdn:fdn_cardinality: single
      memory_mb: {source: memory_mb}
      disk_mb: {source: disk_mb}
    out:
      - {id: pairs_with_frags, fdn:fdn_format: pairs, fdn:fdn_type: data file, fdn:fdn_cardinality: single}
    fdn:fdn_step_meta:
      analysis_step_types: [annotation]
      description: Adding restriction enzyme site information to the pairs file
      software_used: [hicloom_0.1.0]

  cooler:
    run: cooler.cwl
    in:
      pairs:
        source: merge-pairs/merged_pairs
        fdn:fdn_format: pairs
        fdn:fdn_type: data file
        fdn:fdn_cardinality: single
      chrsizes:
        source: chromsizes
        fdn:fdn_format: chromsizes
        fdn:fdn_type: reference file
        fdn:fdn_cardinality: single
      binsize: {source: min_res, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      ncores: {source: nthreads, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      max_split: {source: max_split_cooler, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      memory_mb: {source: memory_mb}
      disk_mb: {source: disk_mb}
    out:
      - {id: cool, fdn:fdn_format: cool, fdn:fdn_type: data file, fdn:fdn_cardinality: single}
    fdn:fdn_step_meta:
      analysis_step_types: [aggregation]
      description: Binning the merged pairs into a contact matrix
      software_used: [hicloom_0.1.0]

  pairs2hic:
    run: pairs2hic.cwl
    in:
      input_pairs:
        source: addfragtopairs/pairs_with_frags
        fdn:fdn_format: pairs
        fdn:fdn_type: data file
        fdn:fdn_cardinality: single
      chromsizes:
        source: chromsizes
        fdn:fdn_format: chromsizes
        fdn:fdn_type: reference file
        fdn:fdn_cardinality: single
      min_res: {source: min_res, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      higlass: {source: higlass, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      custom_res: {source: custom_res, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      maxmem: {source: maxmem, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      mapqfilter: {source: mapqfilter_juicer, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      no_balance: {source: no_balance, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      memory_mb: {source: memory_mb}
      disk_mb: {source: disk_mb}
    out:
      - {id: hic, fdn:fdn_format: hic, fdn:fdn_type: data file, fdn:fdn_cardinality: single}
    fdn:fdn_step_meta:
      analysis_step_types: [aggregation, normalization]
      description: Making a .hic file of the merged pairs
      software_used: [hicloom_0.1.0]

  cool2mcool:
    run: cool2mcool.cwl
    in:
      input_cool: {source: cooler/cool, fdn:fdn_format: cool, fdn:fdn_type: data file, fdn:fdn_cardinality: single}
      ncores: {source: nthreads, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      chunksize: {source: chunksize, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      juicer_res: {source: juicer_res, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      custom_res: {source: custom_res, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      no_balance: {source: no_balance, fdn:fdn_type: parameter, fdn:fdn_cardinality: single}
      memory_mb: {source: memory_mb}
      disk_mb: {source: disk_mb}
    out:
      - {id: mcool, fdn:fdn_format: mcool, fdn:fdn_type: data file, fdn:fdn_cardinality: single}
    fdn:fdn_step_meta:
      analysis_step_types: [aggregation, normalization]
      description: Cooler file is converted to mcool
      software_used: [hicloom_0.1.0]

  add-hic-normvector-to-mcool:
    run: add-hic-normvector-to-mcool.cwl
    in:
      input_mcool: {source: cool2mcool/mcool, fdn:fdn_format: mcool, fdn:fdn_type: data file, fdn:fdn_cardinality: single}
      input_hic: {source: pairs2hic/hic, fdn:fdn_format: hic, fdn:fdn_type: data file, fdn:fdn_cardinality: single}
      memory_mb: {source: memory_mb}
      disk_mb: {source: disk_mb}
    out:
      - {id: mcool_with_hicnorm, fdn:fdn_format: mcool, fdn:fdn_type: data file, fdn:fdn_cardinality: single}
    fdn:fdn_step_meta:
      analysis_step_types: [aggregation, normalization, file format conversion]
      description: HiC normalization vector is added to mcooler
      software_used: [hicloom_0.1.0]

outputs:
  merged_pairs:
    type: File
    secondaryFiles: [.px2]
    outputSource: merge-pairs/merged_pairs
    doc: The pairs of all replicates, sorted.
    fdn:fdn_format: pairs
    fdn:fdn_output_type: processed
    fdn:fdn_secondary_file_formats: [pairs_px2]
  hic:
    type: File
    outputSource: pairs2hic/hic
    doc: Maps at many resolutions with their norms.
    fdn:fdn_format: hic
    fdn:fdn_output_type: processed
  mcool:
    type: File
    format: http://edamontology.org/format_3590  # HDF5; EDAM has no term for mcool
    outputSource: add-hic-normvector-to-mcool/mcool_with_hicnorm
    doc: Maps at many resolutions with their weights and the norms of the .hic file.
    fdn:fdn_format: mcool
    fdn:fdn_output_type: processed
