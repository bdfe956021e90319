import { CloseButton, Switch, TextInput } from '@mantine/core'
import { alertRuleRequest } from '@stagewatch/shared/contract/alert-rules.ts'
import type { AlertRuleRequest, AlertRuleView } from '@stagewatch/shared/contract/alert-rules.ts'
import { severities, translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { changedFields } from '@stagewatch/shared/domain/changed-fields.ts'
import { useState } from 'react'
import card from '../../../components/card.module.css'
import { ConfirmButton } from '../../../components/confirm-button.tsx'
import { EditConflict } from '../../../components/diff/edit-conflict.tsx'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import { Form } from '../../../components/form/form.tsx'
import { SegmentedField } from '../../../components/form/segmented-field.tsx'
import { useIssueText } from '../../../components/form/use-issue-text.ts'
import { useSchemaForm } from '../../../components/form/use-schema-form.ts'
import layout from '../../../components/layout/layout.module.css'
import { notifyDone } from '../../../components/notify.ts'
import { OnlineButton } from '../../../components/online-button.tsx'
import { formatCount } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import type { ReadyRule } from '@stagewatch/shared/domain/alerts/ready-rules.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { useCreateRule, useDeleteRule, useSaveRule } from '../api.ts'
import { BackTestPart } from './back-test-part.tsx'
import { ConditionFields } from './condition-fields.tsx'
import { DurationInput } from './duration-input.tsx'
import { LadderFields } from './ladder-fields.tsx'
import { readyRequest, requestOf } from './rule-values.ts'
import styles from './rules.module.css'
import { ScopeFields } from './scope-fields.tsx'
import { useRuleText } from './use-rule-text.ts'

interface RuleEditorProps {
  /** Undefined: a new rule. */
  readonly rule: AlertRuleView | undefined
  /** The predefined rule with which a new one starts. */
  readonly ready?: ReadyRule | undefined
  /** Epoch ms. */
  readonly asOf: number
  /** Called with the rule to show next; undefined: none. */
  readonly onDone: (id: string | undefined) => void
}

/** Edits the condition, scope and recipients of a rule, with a back-test over the last days. */
export function RuleEditor({ rule, ready, asOf, onDone }: RuleEditorProps) {
  const { t, language, nameOf } = useText()
  const { ruleTexts } = useRuleText()
  const { names, ...saved } = rule === undefined ? newRule(ready, language) : requestOf(rule)
  // A ready-made name is shown in the language of the page until it is edited.
  const [typedName, setTypedName] = useState<string>()
  const [before, setBefore] = useState(saved)
  const { form, field, submit } = useSchemaForm(alertRuleRequest, { ...before })
  const values = form.values
  const issueText = useIssueText()
  const save = useSaveRule()
  const create = useCreateRule()
  const remove = useDeleteRule()
  const replaceBy = (content: AlertRuleRequest): void => {
    setBefore(content)
    setTypedName(undefined)
    form.setValues(content)
  }
  const isChanged = changedFields(before, values).length > 0
  if (rule !== undefined && !isChanged && changedFields(before, saved).length > 0) {
    // There are no unsaved edits: the version saved by somebody else simply replaces the displayed one.
    replaceBy(saved)
  }
  const change = (next: AlertRuleRequest): void => {
    form.setValues(next)
    form.clearErrors()
  }
  const errorOf = (path: string): string | undefined => {
    const error: unknown = form.errors[path]
    if (typeof error !== 'string') return undefined
    return Number.isNaN(valueAt(values, path)) ? issueText({ reason: 'missing' }) : error
  }
  const send = (content: AlertRuleRequest): void => {
    const body = { ...content, ...(names !== undefined && { names }) }
    const onSuccess = (): void => notifyDone(t('desk.saved'))
    if (rule === undefined) {
      create.mutate(body, {
        onSuccess: ({ id }) => {
          onSuccess()
          onDone(id)
        },
      })
      return
    }
    save.mutate(
      { rule, body },
      {
        onSuccess: () => {
          setBefore(content)
          setTypedName(undefined)
          onSuccess()
        },
      },
    )
  }
  const texts = isComplete(values) ? ruleTexts(values) : undefined
  const ruleName = rule && nameOf(translatedName(rule.name, rule.names))
  return (
    <section className={card['card']} aria-labelledby="alert-rule">
      <div className={styles['head']}>
        <h2 id="alert-rule">{ruleName ?? t('alerts.newRule')}</h2>
        <CloseButton aria-label={t('desk.close')} onClick={() => onDone(undefined)} />
      </div>
      <Form onSubmit={submit(send)}>
        {rule !== undefined && !save.isPending && (
          <EditConflict
            before={before}
            current={saved}
            yours={values}
            now={asOf}
            onTakeTheirs={() => {
              save.reset()
              replaceBy(saved)
            }}
          />
        )}
        <TextInput
          {...field('name')}
          value={typedName ?? nameOf(translatedName(values.name, names))}
          label={t('alerts.field.name')}
          maxLength={100}
          required
          onChange={({ currentTarget: { value } }) => {
            setTypedName(value)
            change({ ...values, name: value })
          }}
        />
        <Switch
          label={t('alerts.field.enabled')}
          checked={values.enabled}
          onChange={({ currentTarget }) => change({ ...values, enabled: currentTarget.checked })}
        />
        <Switch
          label={t('alerts.field.makesTask')}
          checked={values.makesTask}
          onChange={({ currentTarget }) => change({ ...values, makesTask: currentTarget.checked })}
        />
        <SegmentedField
          label={t('alerts.field.severity')}
          value={values.severity}
          options={{
            critical: t('alerts.severity.critical'),
            warning: t('alerts.severity.warning'),
            info: t('alerts.severity.info'),
          }}
          onChange={(severity) =>
            change({ ...values, severity: severities.find((each) => each === severity) ?? values.severity })
          }
        />
        <fieldset className={styles['group']}>
          <legend>{t('alerts.part.when')}</legend>
          <ConditionFields values={values} errorOf={errorOf} onChange={change} />
          <ScopeFields values={values} errorOf={errorOf} onChange={(next) => change({ ...values, scope: next })} />
          <p className={layout['meta']} role="status">
            {errorOf('condition') ?? texts?.condition}
            {texts !== undefined && texts.scope !== '' && ` · ${texts.scope}`}
          </p>
        </fieldset>
        <fieldset className={styles['group']}>
          <legend>{t('alerts.part.ladder')}</legend>
          <LadderFields ladder={values.ladder} errorOf={errorOf} onChange={(ladder) => change({ ...values, ladder })} />
        </fieldset>
        <fieldset className={styles['group']}>
          <legend>{t('alerts.part.quiet')}</legend>
          <div className={styles['setting']}>
            <span>{t('alerts.field.acknowledgedForMs')}</span>
            <DurationInput
              label={t('alerts.field.acknowledgedForMs')}
              value={values.acknowledgedForMs}
              clock="working"
              error={errorOf('acknowledgedForMs')}
              onChange={(acknowledgedForMs) => change({ ...values, acknowledgedForMs })}
            />
          </div>
          <div className={styles['setting']}>
            <span>{t('alerts.field.mergeMs')}</span>
            <DurationInput
              label={t('alerts.field.mergeMs')}
              value={values.mergeMs}
              clock="elapsed"
              error={errorOf('mergeMs')}
              onChange={(mergeMs) => change({ ...values, mergeMs })}
            />
          </div>
        </fieldset>
        <BackTestPart values={values} onRefuse={() => void form.validate()} />
        <ErrorAlert error={save.error ?? create.error ?? remove.error} />
        <div className={layout['row']}>
          <OnlineButton
            type="submit"
            loading={save.isPending || create.isPending}
            disabled={rule !== undefined && changedFields(saved, values).length === 0}
          >
            {t('desk.save')}
          </OnlineButton>
          {rule !== undefined && ruleName !== undefined && (
            <ConfirmButton
              label={t('alerts.delete')}
              about={ruleName}
              question={t('alerts.deleteQuestion', {
                name: ruleName,
                count: rule.week.alertCount,
                value: formatCount(rule.week.alertCount, language),
              })}
              busy={remove.isPending}
              onConfirm={() =>
                remove.mutate(rule.id, {
                  onSuccess: () => {
                    notifyDone(t('alerts.deleted', { name: ruleName }))
                    onDone(undefined)
                  },
                })
              }
            />
          )}
        </div>
      </Form>
    </section>
  )
}

function newRule(ready: ReadyRule | undefined, language: Language): AlertRuleRequest {
  if (ready !== undefined) return readyRequest(ready, language)
  const { names: _, ...usual } = readyRequest('overdue', language)
  return { ...usual, name: '' }
}

/** @param path in the format of form errors: `ladder.1.afterMs`. */
function valueAt(values: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), values)
}

/** Whether all numbers of the condition are set, so that it can be described as a sentence. */
function isComplete({ condition }: AlertRuleRequest): boolean {
  return Object.values(condition).every((value) => typeof value !== 'number' || Number.isFinite(value))
}
