import { NativeSelect, NumberInput } from '@mantine/core'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import formStyles from '../../../components/form/form.module.css'
import { useText } from '../../../locales/use-text.ts'
import { delimiterText } from '../file-texts.ts'
import { delimiters, encodings, quotes } from './edit-order.ts'
import type { CheckedOrder } from '../use-checked-order.ts'

interface DialectFieldsProps extends Pick<CheckedOrder, 'order' | 'report'> {
  readonly set: <Field extends keyof ImportMapping>(field: Field, value: ImportMapping[Field] | undefined) => void
  readonly errorOf: (field: keyof ImportMapping) => string | undefined
}

const dialectFields = ['encoding', 'delimiter', 'quote', 'skipLines', 'sheet'] as const

/** Encoding, delimiter and similar settings that are rarely set by hand. */
export function DialectFields({ order: { mapping }, report, set, errorOf }: DialectFieldsProps) {
  const { t } = useText()
  const file = report?.file
  const found = (value: string | undefined): { value: string; label: string } => ({
    value: '',
    label: value === undefined ? t('imports.map.auto') : t('imports.map.found', { value }),
  })
  const isSet = dialectFields.some((field) => mapping[field] !== undefined || errorOf(field) !== undefined)
  const sheets = file?.sheets ?? (mapping.sheet === undefined ? [] : [mapping.sheet])
  const isWorkbook = file?.kind === 'xlsx' || mapping.sheet !== undefined
  const foundDelimiter = mapping.delimiter === undefined ? file?.delimiter : undefined
  const foundQuote = mapping.quote === undefined ? file?.quote : undefined
  return (
    <details className={formStyles['more']} open={isSet || undefined}>
      <summary>{t('imports.map.dialect')}</summary>
      <div className={formStyles['fields']}>
        {isWorkbook && (
          <NativeSelect
            label={t('imports.map.sheet')}
            value={mapping.sheet ?? ''}
            error={errorOf('sheet')}
            data={[found(mapping.sheet === undefined ? file?.sheet : undefined), ...sheets]}
            onChange={({ currentTarget: { value } }) => set('sheet', value === '' ? undefined : value)}
          />
        )}
        {!isWorkbook && (
          <>
            <NativeSelect
              label={t('imports.map.encoding')}
              value={mapping.encoding ?? ''}
              error={errorOf('encoding')}
              data={[
                found(mapping.encoding === undefined ? file?.encoding?.name : undefined),
                ...new Set([...encodings, ...(mapping.encoding === undefined ? [] : [mapping.encoding])]),
              ]}
              onChange={({ currentTarget: { value } }) => set('encoding', value === '' ? undefined : value)}
            />
            <NativeSelect
              label={t('imports.map.delimiter')}
              value={mapping.delimiter ?? ''}
              error={errorOf('delimiter')}
              data={[
                found(foundDelimiter && delimiterText(t, foundDelimiter)),
                ...new Set([...delimiters, ...(mapping.delimiter === undefined ? [] : [mapping.delimiter])]),
              ].map((each) => (typeof each === 'string' ? { value: each, label: delimiterText(t, each) } : each))}
              onChange={({ currentTarget: { value } }) => set('delimiter', value === '' ? undefined : value)}
            />
            <NativeSelect
              label={t('imports.map.quote')}
              value={mapping.quote ?? ''}
              error={errorOf('quote')}
              data={[
                found(foundQuote && t(`imports.facts.quotes.${foundQuote}`)),
                ...quotes.map((value) => ({ value, label: t(`imports.facts.quotes.${value}`) })),
              ]}
              onChange={({ currentTarget: { value } }) =>
                set(
                  'quote',
                  quotes.find((each) => each === value),
                )
              }
            />
          </>
        )}
        <NumberInput
          id="import-skipLines"
          label={t('imports.map.skipLines')}
          placeholder={t('imports.map.auto')}
          min={0}
          max={10_000}
          allowDecimal={false}
          value={mapping.skipLines ?? ''}
          error={errorOf('skipLines')}
          onChange={(value) => set('skipLines', value === '' ? undefined : Number(value))}
        />
      </div>
    </details>
  )
}
