import { Input, SegmentedControl } from '@mantine/core'
import { useId } from 'react'
import formStyles from './form.module.css'

interface SegmentedFieldProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: Readonly<Record<Value, string>>
  readonly onChange: (value: Value) => void
}

/** A choice between a few options that are all visible. */
export function SegmentedField<Value extends string>({ label, value, options, onChange }: SegmentedFieldProps<Value>) {
  const labelId = useId()
  const values = Object.keys(options) as Value[]
  return (
    <Input.Wrapper label={label} labelElement="div" labelProps={{ id: labelId }}>
      <SegmentedControl
        aria-labelledby={labelId}
        className={formStyles['segments']}
        fullWidth
        value={value}
        data={values.map((each) => ({ value: each, label: options[each] }))}
        onChange={onChange}
      />
    </Input.Wrapper>
  )
}
