import * as fc from 'fast-check'

// A mutant needs no minimal counterexample, and shrinking takes longer than everything else.
fc.configureGlobal({ endOnFailure: true })
