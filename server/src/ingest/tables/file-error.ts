import type { FieldReason } from '@stagewatch/shared/contract/field-issue.ts'
import type { FileProblem, FileProblemCode } from '@stagewatch/shared/contract/file-problem.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { AppError } from '../../platform/app-error.ts'

interface FileErrorDetails {
  readonly params?: FileProblem['params']
  /** Of the mapping. */
  readonly field?: string
  readonly reason?: FieldReason
}

/** Why a file cannot be read: for a console in English, and for pages in a way that they tell in their language. */
export class FileError extends AppError {
  readonly problem: FileProblem

  constructor(
    code: Exclude<ProblemCode, 'invalid_field'>,
    problem: FileProblemCode,
    message: string,
    { params = {}, ...more }: FileErrorDetails = {},
  ) {
    super(code, message, more)
    this.problem = { code: problem, params }
  }
}
