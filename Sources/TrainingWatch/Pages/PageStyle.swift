extension HTML {
  /// The style sheet of all pages: a column that fits a phone, light or dark by the reader's preference, system fonts.
  static let style = """
    :root { --ink: #22262b; --soft: #646b75; --ground: #ffffff; --panel: #f5f6f8; --line: #e0e3e8; --accent: #3b82c4 }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e2e4e8; --soft: #9aa1ac; --ground: #17191c; --panel: #212429; --line: #343940; --accent: #6ea8de }
    }
    * { box-sizing: border-box }
    body { margin: 0; background: var(--ground); color: var(--ink); line-height: 1.5;
      font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif }
    main { max-width: 54rem; margin: 0 auto; padding: 2.5rem 1.25rem 1rem }
    h1 { font-size: 2rem; line-height: 1.2; margin: 0; overflow-wrap: anywhere }
    h2 { font-size: 1.2rem; margin: 2.75rem 0 .9rem }
    .subtitle { color: var(--soft); margin: .4rem 0 1.5rem }
    .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.6rem, 1fr)); gap: .75rem }
    .card { background: var(--panel); border-radius: .6rem; padding: .75rem .9rem; display: flex;
      flex-direction: column }
    .card strong { font-size: 1.5rem; line-height: 1.35; font-variant-numeric: tabular-nums }
    .name, .remark, small, figcaption { color: var(--soft); font-size: .82rem }
    figure { margin: 0 0 1rem }
    .picture svg { display: block; width: 100%; height: auto }
    .picture.narrow { display: none }
    @media (max-width: 40rem) { .picture.wide { display: none } .picture.narrow { display: block } }
    .remark-line { margin: .9rem 0 0 }
    pre { margin: .3rem 0 0; padding: .9rem 1rem; background: var(--panel); border-radius: .6rem;
      white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; text-align: start; line-height: 1.55;
      max-height: 26rem; overflow-y: auto;
      font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono", monospace; font-size: .88rem }
    .command { border-left: 3px solid var(--accent) }
    details { border-bottom: 1px solid var(--line); padding: .45rem 0 }
    summary { cursor: pointer; color: var(--accent) }
    table { border-collapse: collapse; width: 100%; font-size: .92rem }
    th, td { padding: .38rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; text-align: start;
      overflow-wrap: anywhere }
    th { font-weight: 500; color: var(--soft) }
    .facts th { width: 8.5rem; white-space: nowrap; padding-left: 0 }
    .numbers th { white-space: nowrap }
    .numbers td { font-variant-numeric: tabular-nums }
    .scroll { max-height: 26rem; overflow: auto }
    .scroll thead th { position: sticky; top: 0; background: var(--ground) }
    .tokens { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem; margin: 0; padding: 0 }
    .tokens li { background: var(--panel); border-radius: .4rem; padding: .15rem .55rem; white-space: nowrap }
    footer { max-width: 54rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; color: var(--soft); font-size: .82rem }
    @media print { .scroll { max-height: none } pre, .card, .tokens li { border: 1px solid var(--line) } }
    """
}
