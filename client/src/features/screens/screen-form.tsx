import { Checkbox, NativeSelect, Switch, TextInput } from '@mantine/core'
import { scenes, type ScreenSettings, screenChange } from '@stagewatch/shared/contract/screen.ts'
import { useQuery } from '@tanstack/react-query'
import { useMe } from '../../api/session.ts'
import { DepartmentsField } from '../../components/form/departments-field.tsx'
import formStyles from '../../components/form/form.module.css'
import { NumberField } from '../../components/form/number-field.tsx'
import { PrivacyFields } from '../../components/form/privacy-fields.tsx'
import { SegmentedField } from '../../components/form/segmented-field.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import { languages, locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import { useText } from '../../locales/use-text.ts'
import { processesQuery } from '../../api/site-queries.ts'
import { DensityField } from './density-field.tsx'

export interface ScreenValues {
  readonly name: string
  readonly settings: ScreenSettings
}

/** The name and the settings of a screen, validated as on the server. */
export function useScreenForm(initialValues: ScreenValues) {
  return useSchemaForm(screenChange, { ...initialValues })
}

interface ScreenFormProps {
  readonly state: ReturnType<typeof useScreenForm>
  /** Departments that the user may show. Undefined: all. */
  readonly allowed: readonly string[] | undefined
}

/** The name and display settings of a screen, for pairing and for later changes. */
export function ScreenForm({ state: { form, field }, allowed }: ScreenFormProps) {
  const { t } = useText()
  const { settings } = form.values
  const setSettings = (next: ScreenSettings) => form.setFieldValue('settings', next)
  const change = (part: Partial<ScreenSettings>) => setSettings({ ...settings, ...part })
  const { departments, ...withoutDepartments } = settings
  return (
    <>
      <TextInput {...field('name')} label={t('screen.name')} description={t('screen.nameHint')} required />
      <BoardField value={settings.board} onChange={(board) => change({ board })} />
      <DepartmentsField
        value={departments}
        suggestions={allowed ?? []}
        mayBeAll={allowed === undefined}
        error={form.errors['settings.departments']}
        onChange={(next) => setSettings(next === undefined ? withoutDepartments : { ...settings, departments: next })}
      />
      <Checkbox.Group
        label={t('screen.scenes')}
        description={t('screen.scenesHint')}
        value={settings.scenes}
        error={settings.scenes.length === 0 ? t('screen.noScene') : undefined}
        onChange={(chosen) => change({ scenes: scenes.filter((scene) => chosen.includes(scene)) })}
      >
        <div className={formStyles['group']}>
          {scenes.map((scene) => (
            <Checkbox key={scene} value={scene} label={t(`screen.scene.${scene}`)} />
          ))}
        </div>
      </Checkbox.Group>
      <DensityField value={settings.density} onChange={(density) => change({ density })} />
      <div className={formStyles['fields']}>
        <SegmentedField
          label={t('screen.language')}
          value={settings.language}
          options={languageNames}
          onChange={(language) => change({ language })}
        />
        <SegmentedField
          label={t('screen.theme')}
          value={settings.theme}
          options={{ dark: t('screen.dark'), day: t('screen.day') }}
          onChange={(theme) => change({ theme })}
        />
      </div>
      <fieldset className={formStyles['fieldset']}>
        <legend>{t('screen.privacy')}</legend>
        <PrivacyFields value={settings.privacy} onChange={(privacy) => change({ privacy })} />
      </fieldset>
      <details className={formStyles['more']}>
        <summary>{t('screen.more')}</summary>
        <div className={formStyles['form']}>
          <div className={formStyles['fields']}>
            <NumberField
              label={t('screen.firstS')}
              value={settings.rotation.firstS}
              min={5}
              max={3_600}
              onChange={(firstS) => change({ rotation: { ...settings.rotation, firstS } })}
            />
            <NumberField
              label={t('screen.otherS')}
              value={settings.rotation.otherS}
              min={5}
              max={3_600}
              onChange={(otherS) => change({ rotation: { ...settings.rotation, otherS } })}
            />
          </div>
          <NativeSelect
            label={t('screen.offShift')}
            value={settings.offShift}
            data={offShifts.map((value) => ({ value, label: t(`screen.off.${value}`) }))}
            onChange={({ currentTarget }) => {
              const offShift = offShifts.find((each) => each === currentTarget.value)
              if (offShift !== undefined) change({ offShift })
            }}
          />
          <TextInput
            label={t('screen.contact')}
            description={t('screen.contactHint')}
            value={settings.contact ?? ''}
            maxLength={100}
            onChange={({ currentTarget: { value } }) => {
              const { contact: _contact, ...rest } = settings
              setSettings(value === '' ? rest : { ...settings, contact: value })
            }}
          />
          <Switch
            label={t('screen.chime')}
            description={t('screen.chimeHint')}
            checked={settings.chime}
            onChange={({ currentTarget }) => change({ chime: currentTarget.checked })}
          />
          <Switch
            label={t('screen.reducedMotion')}
            checked={settings.reducedMotion}
            onChange={({ currentTarget }) => change({ reducedMotion: currentTarget.checked })}
          />
        </div>
      </details>
    </>
  )
}

const languageNames = Object.fromEntries(languages.map((code) => [code, locales[code].name])) as Record<
  Language,
  string
>
const offShifts = ['on', 'dim', 'kpi', 'blank'] as const

interface BoardFieldProps {
  /** `overview`, or `overview:PROCESS`. */
  readonly value: string
  readonly onChange: (board: string) => void
}

/** The process to display, if there are several. */
function BoardField({ value, onChange }: BoardFieldProps) {
  const { t, nameOf } = useText()
  const { data } = useQuery(processesQuery(useMe().site))
  const others = data?.processes.filter(({ code }) => code !== data.defaultProcess) ?? []
  if (others.length === 0 && value === 'overview') return null
  const boards = [
    { value: 'overview', label: t('screen.usualProcess') },
    ...others.map(({ code, name }) => ({ value: `overview:${code}`, label: nameOf(name) })),
  ]
  const known = boards.some((board) => board.value === value) ? boards : [...boards, { value, label: value }]
  return (
    <NativeSelect
      label={t('screen.process')}
      value={value}
      data={known}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  )
}
