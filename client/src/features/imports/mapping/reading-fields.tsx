import { NativeSelect, Switch, TagsInput, TextInput } from '@mantine/core'
import { repeatedRowRules, rowMeanings, type ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { useQuery } from '@tanstack/react-query'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import formStyles from '../../../components/form/form.module.css'
import { useIssueText } from '../../../components/form/use-issue-text.ts'
import { useText } from '../../../locales/use-text.ts'
import { processesQuery } from '../../../api/site-queries.ts'
import type { CheckedOrder } from '../use-checked-order.ts'
import { DialectFields } from './dialect-fields.tsx'
import { reuses, withField, withRows } from './edit-order.ts'

type ReadingFieldsProps = Pick<CheckedOrder, 'order' | 'change' | 'issues' | 'report'>

const rowKinds = ['events', 'orders', 'wide'] as const
/** Default source of a file. */
const usualSource = 'import'
/** Units of the time after which an order number may be reused. */
const reuseUnits = ['h', 'd', 'w'] as const
const zones = Intl.supportedValuesOf('timeZone')

/** The meaning of a row and the format of its times and numbers. */
export function ReadingFields(props: ReadingFieldsProps) {
  const { t, nameOf } = useText()
  const { site } = useMe()
  const issueText = useIssueText()
  const { order, change, issues, report } = props
  const { mapping } = order
  const processes = useQuery(processesQuery(site)).data?.processes ?? []
  const set = <Field extends keyof ImportMapping>(field: Field, value: ImportMapping[Field] | undefined): void =>
    change(withField(order, field, value))
  const errorOf = (field: keyof ImportMapping): string | undefined => {
    const issue = issues.get(`mapping.${field}`)
    return issue && issueText(issue)
  }
  const rows = mapping.rows ?? report?.meaning.rows ?? 'events'
  const found = report?.meaning.as
  const reuseText = (value: string): string =>
    t(`imports.map.reuseText.${reuseUnits.find((unit) => value.endsWith(unit)) ?? 'd'}`, {
      count: Number.parseInt(value, 10),
    })
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{t('imports.map.reading')}</h2>
      <div className={formStyles['form']}>
        <NativeSelect
          label={t('imports.map.rows')}
          value={rows}
          error={errorOf('rows')}
          data={rowKinds.map((value) => ({ value, label: t(`imports.map.rowsText.${value}`) }))}
          onChange={({ currentTarget: { value } }) => {
            const kind = rowKinds.find((each) => each === value)
            if (kind !== undefined) change(withRows(order, kind))
          }}
        />
        {rows === 'events' && (
          <NativeSelect
            label={t('imports.map.as')}
            value={mapping.as ?? ''}
            error={errorOf('as')}
            data={[
              {
                value: '',
                label:
                  found === undefined
                    ? t('imports.map.auto')
                    : t('imports.map.asAuto', { as: t(`imports.map.asText.${found}`) }),
              },
              ...rowMeanings.map((value) => ({ value, label: t(`imports.map.asText.${value}`) })),
            ]}
            onChange={({ currentTarget: { value } }) =>
              set(
                'as',
                rowMeanings.find((each) => each === value),
              )
            }
          />
        )}
        {rows === 'events' && (
          <>
            <NativeSelect
              label={t('imports.map.duplicates')}
              value={mapping.duplicates ?? 'once'}
              error={errorOf('duplicates')}
              data={repeatedRowRules.map((value) => ({ value, label: t(`imports.map.duplicatesText.${value}`) }))}
              onChange={({ currentTarget: { value } }) => {
                const rule = repeatedRowRules.find((each) => each === value)
                set('duplicates', rule === 'once' ? undefined : rule)
              }}
            />
            <NativeSelect
              label={t('imports.map.reuseAfter')}
              description={t('imports.map.reuseAfterHint')}
              value={mapping.reuseAfter ?? ''}
              error={errorOf('reuseAfter')}
              data={[
                { value: '', label: t('imports.map.reuseNever') },
                ...reusesWith(mapping.reuseAfter).map((value) => ({ value, label: reuseText(value) })),
              ]}
              onChange={({ currentTarget: { value } }) => set('reuseAfter', value === '' ? undefined : value)}
            />
          </>
        )}
        <NativeSelect
          id="import-timezone"
          label={t('imports.map.timezone')}
          description={t('imports.map.timezoneHint')}
          value={mapping.timezone ?? ''}
          error={errorOf('timezone')}
          data={[{ value: '', label: t('imports.map.timezoneAuto') }, ...zonesWith(mapping.timezone)]}
          onChange={({ currentTarget: { value } }) => set('timezone', value === '' ? undefined : value)}
        />
        <TextInput
          id="import-timeFormat"
          label={t('imports.map.timeFormat')}
          description={t('imports.map.timeFormatHint')}
          value={mapping.timeFormat ?? ''}
          maxLength={100}
          error={errorOf('timeFormat')}
          autoComplete="off"
          onChange={({ currentTarget: { value } }) => set('timeFormat', value === '' ? undefined : value)}
        />
        <Switch
          label={t('imports.map.decimalComma')}
          description={t('imports.map.decimalCommaHint')}
          checked={mapping.decimalComma === true}
          onChange={({ currentTarget: { checked } }) => set('decimalComma', checked ? true : undefined)}
        />
        <TagsInput
          id="import-nulls"
          label={t('imports.map.nulls')}
          description={t('imports.map.nullsHint')}
          value={[...(mapping.nulls ?? [])]}
          error={errorOf('nulls')}
          onChange={(words) => set('nulls', words.length === 0 ? undefined : words)}
          clearButtonProps={{ 'aria-label': t('imports.map.nullsClear') }}
          acceptValueOnBlur
        />
        <TextInput
          label={t('imports.map.source')}
          description={t('imports.map.sourceHint')}
          value={mapping.source ?? ''}
          placeholder={usualSource}
          maxLength={200}
          error={errorOf('source')}
          autoComplete="off"
          onChange={({ currentTarget: { value } }) => set('source', value.trim() === '' ? undefined : value)}
        />
        {processes.length > 1 && (
          <NativeSelect
            label={t('imports.map.process')}
            value={mapping.process ?? ''}
            error={errorOf('process')}
            data={[
              { value: '', label: t('imports.map.processUsual') },
              ...processes.map(({ code, name }) => ({ value: code, label: nameOf(name) })),
            ]}
            onChange={({ currentTarget: { value } }) => set('process', value === '' ? undefined : value)}
          />
        )}
        <DialectFields {...props} set={set} errorOf={errorOf} />
      </div>
    </section>
  )
}

/** Adds a value from a saved mapping that is not among the options. */
function reusesWith(chosen: string | undefined): readonly string[] {
  return chosen === undefined || reuses.some((each) => each === chosen) ? reuses : [chosen, ...reuses]
}

function zonesWith(chosen: string | undefined): string[] {
  return chosen === undefined || zones.includes(chosen) ? zones : [chosen, ...zones]
}
