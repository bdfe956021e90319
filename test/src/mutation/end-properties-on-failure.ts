import * as fc from 'fast-check'

// A mutant needs no small counterexample, and looking for one takes longer than all the rest.
fc.configureGlobal({ endOnFailure: true })
