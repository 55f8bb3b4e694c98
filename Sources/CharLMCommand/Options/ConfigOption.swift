import ArgumentParser

/// `--config`, which `ConfiguredWords` replaces by what the file holds before the parser reads the command line.
struct ConfigOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A TOML file with lines 'option = value', for options that are not given here; 'charlm info --config' writes one.",
      valueName: "file"))
  var config: String?
}
