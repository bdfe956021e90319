import styles from './imports.module.css'

interface ProgressProps {
  readonly label: string
  /** 0..1. Undefined: unknown. */
  readonly ratio: number | undefined
}

export function Progress({ label, ratio }: ProgressProps) {
  return (
    <progress
      className={styles['progress']}
      aria-label={label}
      max={1}
      {...(ratio !== undefined && { value: Math.min(1, ratio) })}
    />
  )
}
