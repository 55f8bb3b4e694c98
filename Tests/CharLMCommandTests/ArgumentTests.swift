import TestSupport
import Testing

@testable import CharLMCommand

/// Wrong from the command line alone: exit code 2 and one line.
@Suite struct ArgumentTests {
  static let refusals: [(arguments: String, message: String)] = [
    ("bogus", "there is no command 'bogus'; see 'charlm --help'"),
    (
      "train",
      "a corpus is missing; name a text file, such as 'charlm train corpora/english.txt'"
    ),
    ("train a.txt --bogus", "unknown option '--bogus'; see 'charlm train --help'"),
    ("sample --match a --grammar json", "--match and --grammar exclude each other; give one of them"),
    (
      "sample --grammar json --stop a",
      "--stop has no meaning with --grammar, whose texts end by themselves; leave it out"
    ),
    ("sample --seed-file - --grammar -", "- (standard input) can be read only once; name it once"),
    ("sample --distinct", "--distinct needs --count; give the number of samples, too"),
    (
      "sample --unique-from a.txt",
      "--unique-from needs texts that could be lines or documents; give --documents, --match, --grammar or --stop, too"
    ),
    ("sample --beam 0", "--beam 0 is out of range; it must be from 1 to 1000"),
    ("sample --beam 4 --top-k 3", "--top-k has no meaning with --beam, which draws nothing; leave it out"),
    ("sample --beam 4 --temperature 1", "--temperature has no meaning with --beam, which draws nothing; leave it out"),
    ("sample --beam 4 --count 5", "--count 5 is more than --beam 4, which finds as many texts; give a wider beam"),
    ("sample --best-of 1001", "--best-of 1001 is out of range; it must be from 1 to 1000"),
    (
      "sample --interactive --json",
      "--json has no meaning with --interactive, where one text is written in turns; leave it out"
    ),
    ("sample --show-candidates -1", "--show-candidates -1 is out of range; it must be from 0 to 1000"),
    ("train - a.txt -", "- (standard input) can be read only once; name it once"),
    ("train a.txt --hidden", "missing value for '--hidden <number>'; see 'charlm train --help'"),
    ("train a.txt --hidden 0", "--hidden 0 is out of range; it must be from 1 to 65536"),
    ("train a.txt --hidden -5", "--hidden -5 is out of range; it must be from 1 to 65536"),
    (
      "train a.txt --hidden 99999999999999999999",
      "the value '99999999999999999999' is invalid for '--hidden <number>'; see 'charlm train --help'"
    ),
    (
      "compress a.txt --mix", "--mix is for a model; give --model, or leave it out: counts alone learn anyway"
    ),
    ("compress a.txt -c -o b", "--output and --stdout exclude each other; give one of them"),
    (
      "compress a.txt -c --json",
      "--json and what is written would both go to standard output; give --output FILE"
    ),
    ("compress - --rm", "--rm needs a file that is read and a file that is written; leave it out"),
    ("compress a.txt -o a.txt", "--output a.txt: is the file to compress; name another file"),
    (
      "decompress a.txt",
      "a.txt does not end in .charlm, so that it is not clear what to write; give --output or -c"
    ),
    ("decompress a.charlm --test --rm", "--rm needs a file that is read and a file that is written; leave it out"),
    ("train a.txt --layers 1001", "--layers 1001 is out of range; it must be from 1 to 1000"),
    ("train a.txt --dropout 1.5", "--dropout 1.5 is out of range; it must be from 0 to 0.95"),
    ("train a.txt --weight-drop 1", "--weight-drop 1 is out of range; it must be from 0 to 0.95"),
    ("train a.txt --embedding-dropout -1", "--embedding-dropout -1 is out of range; it must be from 0 to 0.95"),
    ("train a.txt --ar -1", "--ar -1 is out of range; it must be from 0 to 1000"),
    ("train a.txt --tar nan", "--tar nan is out of range; it must be from 0 to 1000"),
    (
      "train --resume --locked-dropout",
      "--locked-dropout cannot be given with --resume, which continues with the run's own settings; leave it out"
    ),
    (
      "train a.txt --init-from b --mogrify 2",
      "--mogrify cannot be given with --init-from, which uses that model's settings; leave it out"
    ),
    (
      "train a.txt --init-from b --layer-norm",
      "--layer-norm cannot be given with --init-from, which uses that model's settings; leave it out"
    ),
    ("train a.txt --dropout nan", "--dropout nan is out of range; it must be from 0 to 0.95"),
    ("train a.txt --learning-rate inf", "--learning-rate inf is out of range; it must be above 0, at most 1000"),
    ("train a.txt --learning-rate 1e99", "--learning-rate inf is out of range; it must be above 0, at most 1000"),
    ("train a.txt --learning-rate -1", "--learning-rate -1 is out of range; it must be above 0, at most 1000"),
    ("train a.txt --validation 1", "--validation 1 is out of range; it must be from 0 to 0.9"),
    (
      "train a.txt --validation 0.1 --validation-file b.txt",
      "--validation and --validation-file exclude each other; give one of them"
    ),
    ("train a.txt --steps 10 --epochs 2", "--epochs and --steps exclude each other; give one of them"),
    ("train a.txt --steps 10 --budget 2m", "--steps and --budget exclude each other; give one of them"),
    ("train a.txt --steps 0", "--steps 0 is out of range; it must be from 1 to 1000000000"),
    ("train a.txt --steps ten", "the value 'ten' is invalid for '--steps <number>'; see 'charlm train --help'"),
    (
      "train a.txt --budget soon",
      "the value 'soon' is invalid for '--budget <time>': it is not a time, such as 90s, 10m or 1h30m; see 'charlm "
        + "train --help'"
    ),
    (
      "train a.txt --optimizer lion",
      "the value 'lion' is invalid for '--optimizer <optimizer>'; please provide one of 'adam', 'adamw', 'soap', "
        + "'sgd' or 'rmsprop'"
    ),
    (
      "train a.txt --momentum 0.5",
      "--momentum is for --optimizer sgd and rmsprop; leave it out"
    ),
    (
      "train a.txt --save-every often",
      "the value 'often' is invalid for '--save-every <interval>': it is neither a time, such as 10m, nor a number of "
        + "steps, such as 500steps; see 'charlm train --help'"
    ),
    (
      "train a.txt --cell LSTM",
      "the value 'LSTM' is invalid for '--cell <cell>'; please provide one of 'lstm', 'gru' or 'rnn'"
    ),
    (
      "train a.txt --encoding klingon",
      "--encoding: unknown encoding 'klingon'; see 'charlm train --help'"
    ),
    (
      "train a.txt --document-separator a\\q",
      "the value 'a\\q' is invalid for '--document-separator <text>': a backslash must be followed by n, r, t or another "
        + "backslash; see 'charlm train --help'"
    ),
    ("vocab - a.txt -", "- (standard input) can be read only once; name it once"),
    ("train a.tsv --pairs --fallback byte", "--fallback has no meaning with --pairs; leave it out"),
    (
      "train --resume --encoding utf-8",
      "--encoding cannot be given with --resume, which continues with the run's own settings; leave it out"
    ),
    (
      "eval --encoding utf-8",
      "--encoding needs a file, because the model's own corpus is read as it was in training; leave it out"
    ),
    (
      "train a.txt --tied --embedding 8 --hidden 16",
      "--embedding 8 and --hidden 16 cannot be --tied; give both the same width"
    ),
    ("train a.tsv b.tsv --pairs", "--pairs takes one file, not 2; put the pairs together"),
    ("train a.tsv --pairs --bptt 4", "--bptt has no meaning with --pairs; leave it out"),
    (
      "train a.tsv --pairs --tied",
      "--tied has no meaning with --pairs, whose two sides have separate vocabularies; leave it out"
    ),
    (
      "train a.txt --bidirectional",
      "--bidirectional needs --pairs, because a language model cannot read ahead; leave it out"
    ),
    (
      "train --resume --hidden 5",
      "--hidden cannot be given with --resume, which continues with the run's own settings; leave it out"
    ),
    (
      "train --resume --random-seed 5",
      "--random-seed cannot be given with --resume, which continues with the run's own settings; leave it out"
    ),
    (
      "train a.txt --init-from m --unit byte",
      "--unit cannot be given with --init-from, which uses that model's settings; leave it out"
    ),
    ("train a.txt --nonlinearity relu", "--nonlinearity is for --cell rnn; leave it out"),
    ("train a.txt --momentum 0", "--momentum is for --optimizer sgd and rmsprop; leave it out"),
    ("train a.tsv --pairs --bptt-jitter", "--bptt-jitter has no meaning with --pairs; leave it out"),
    (
      "train a.txt --validation 0 --patience 3",
      "--patience needs validation, which --validation 0 turns off; leave one of them out"
    ),
    ("train a.txt --steps 5 --steps 6", "--steps is given twice; give it once"),
    ("train a.txt --log a --steps=5 --log=b", "--log is given twice; give it once"),
    ("sample --top-k 1 --top-k 2", "--top-k is given twice; give it once"),
    ("eval --cache a --cache a", "--cache is given twice; give it once"),
    ("train a.txt --keep 0", "--keep 0 is out of range; it must be from 1 to 10000"),
    ("train a.txt --find-lr --learning-rate 1", "--learning-rate has no meaning with --find-lr; leave it out"),
    (
      "train --resume --find-lr",
      "--find-lr cannot be given with --resume, which continues with the run's own settings; leave it out"
    ),
    ("average a", "an average takes at least two models; name more"),
    ("average a b a", "a is named twice; name each model once"),
    ("average a b --output b", "--output b: is one of the models; name another file"),
    ("sample --temperature -1", "--temperature -1 is out of range; it must be from 0 to 1000"),
    ("sample --temperature nan", "--temperature nan is out of range; it must be from 0 to 1000"),
    ("sample --top-p 0", "--top-p 0 is out of range; it must be above 0, at most 1"),
    ("sample --top-k 0", "--top-k 0 is out of range; it must be from 1 to 10000000"),
    ("sample --length -5", "--length -5 is out of range; it must be from 0 to 1000000000"),
    ("sample --seed a --seed-file b", "--seed and --seed-file exclude each other; give one of them"),
    ("sample --count 0", "--count 0 is out of range; it must be from 1 to 1000000"),
    (
      "eval --on-unknown nearest",
      "the value 'nearest' is invalid for '--on-unknown <policy>'; please provide one of 'error' and 'skip'"
    ),
    (
      "eval --dynamic --protocol cold256",
      "--dynamic reads the text in order, not in windows; leave out --protocol cold256"
    ),
    (
      "eval --documents --protocol cold256",
      "--documents reads the text in order, not in windows; leave out --protocol cold256"
    ),
    (
      "sample --interactive --novelty",
      "--novelty has no meaning with --interactive, where one text is written in turns; leave it out"
    ),
    (
      "eval --mix --protocol cold256", "--mix reads the text in order, not in windows; leave out --protocol cold256"
    ),
    (
      "eval --dynamic --model a --model b",
      "--dynamic is for one model, not an average of several; give --model once"
    ),
    ("serve --port 65536", "--port 65536 is out of range; it must be from 0 to 65535"),
    (
      "serve --host 0.0.0.0",
      "--host 0.0.0.0: others can reach this address, so a token is needed; give --token, such as "
        + "--token \"$(openssl rand -hex 16)\""
    ),
    (
      "serve --token ö",
      "--token: it may have letters, digits and signs of ASCII, and no spaces; see 'charlm serve --help'"
    ),
    (
      "serve --runs runs --allow-training",
      "--allow-training needs --corpora FOLDER, with the texts; give it, too"
    ),
    (
      "serve --allow-training --corpora texts",
      "--allow-training needs --runs FOLDER, for the models and their logs; give it, too"
    ),
    (
      "serve --corpora texts",
      "--corpora has an effect with --allow-training only; give that, too, or leave it out"
    ),
    ("score a.txt --top -1", "--top -1 is out of range; it must be from 0 to 10000"),
    ("score a.txt --html -", "--html -: is written to a file; name one"),
    (
      "score a.txt --jsonl - --json",
      "--jsonl - and --json both print to standard output; give one of them, or name a file"
    ),
    ("score a.txt --html b --jsonl ./b", "--jsonl ./b: is the file of --html; name another file"),
    ("score a.txt --html a.txt", "--html a.txt: is the text; name another file"),
    ("neurons a.txt --units 0", "--units 0 is out of range; it must be from 1 to 10000"),
    ("neurons a.txt --html m --model m", "--html m: is the model; name another file"),
    ("compare a b -", "the text is read twice, which - (standard input) cannot be; name a file"),
    ("novelty a.txt --corpus b.txt --validation 1", "--validation 1 is out of range; it must be from 0 to 0.9"),
    (
      "novelty a.txt --corpus b.txt --validation 0.1 --held-out c",
      "--validation and --held-out exclude each other; give one of them"
    ),
    ("novelty - --corpus -", "- (standard input) can be read only once; name it once"),
    ("eval --threads 0", "--threads 0 is out of range; it must be from 1 to 1024"),
    (
      "bench --shape nope",
      "--shape nope: there is no such shape; choose one of lstm-128, lstm-256, lstm-512, lstm-1024, lstm1-512, gru-256, "
        + "gru-512, rnn-256, cjk-512"
    ),
  ]

  @Test("wrong arguments are refused in one line", arguments: refusals)
  func refused(_ arguments: String, _ message: String) throws {
    let error = #expect(throws: (any Error).self) {
      try RootCommand.parsed(arguments.split(separator: " ").map(String.init))
    }
    let ending = Ending(try #require(error))
    #expect(ending.message == "charlm: " + message + "\n")
    #expect(ending.exitCode == 2)
    #expect(ending.output.isEmpty)
  }

  @Test(
    "what may accompany --resume is accepted",
    arguments: [
      "train --resume --model m --steps 5 --threads 2 --log l --json --quiet", "train a.txt --resume --budget 5m",
      "train --resume --epochs 2.5",
      "train --resume --keep 3",
    ])
  func resume(_ arguments: String) throws {
    #expect(throws: Never.self) { try RootCommand.parsed(arguments.split(separator: " ").map(String.init)) }
  }

  @Test(
    "what may be repeated, and values that look like options, are accepted",
    arguments: [
      "sample --model a --model b", "bench --shape lstm-128 --shape lstm-256", "sample --seed --stop --stop --seed",
      "train a.txt --json --json", "train --log a -- --log --log",
    ])
  func repeated(_ arguments: String) throws {
    #expect(throws: Never.self) { try RootCommand.parsed(arguments.split(separator: " ").map(String.init)) }
  }

  @Test("values that look like options are taken as values")
  func values() throws {
    let command = try RootCommand.parsed(["sample", "--seed", "--quiet", "--stop", "-"])
    let sample = try #require(command as? SampleCommand)
    #expect(sample.seed == "--quiet")
    #expect(sample.stop == ["-"])
    #expect(!sample.output.quiet.isQuiet)
  }

  @Test("a control character in a name does not break the line")
  func controlCharacters() {
    #expect(CommandFailure("a\nb\u{1B}: no such file", exitCode: 1).line == "charlm: a\\u{A}b\\u{1B}: no such file\n")
    let long = String(repeating: "é", count: 1995)
    #expect(CommandFailure("'\(long)'", next: "shorten it").line == "charlm: '\(long)'; shorten it\n")
    let cut = "'" + long.prefix(999) + " … " + long.suffix(492) + "' is bad"
    #expect(CommandFailure("'\(long)' is bad", next: "shorten it").line == "charlm: \(cut); shorten it\n")
    #expect(CommandFailure("bad", next: "'\(long)' is bad").line == "charlm: bad; \(cut)\n")
  }
}
