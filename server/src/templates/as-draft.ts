import type { TemplateDraftRequest } from '@stagewatch/shared/contract/process-templates.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { departmentNames } from './building-blocks.ts'
import type { ProcessTemplate } from './process-template.ts'

/** The process of a template, optionally under another code, with departments in the given language. */
export function asDraft(
  { process }: ProcessTemplate,
  { process: code, language }: TemplateDraftRequest,
): ProcessDefinition {
  const stages = process.stages.map((stage) => ({
    ...stage,
    ...(stage.department !== undefined && { department: departmentIn(stage.department, language) }),
  }))
  return { ...process, code: code ?? process.code, stages }
}

function departmentIn(department: string, language: string): string {
  const name = departmentNames[department]
  return name === undefined ? department : textIn(name, language)
}
