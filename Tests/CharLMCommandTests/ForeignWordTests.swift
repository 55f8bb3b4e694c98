import ArgumentParser
import Testing

@testable import CharLMCommand

/// Command lines as users of other programs write them: understood where they mean one thing, else answered.
@Suite struct ForeignWordTests {
  static let understood: [(foreign: String, own: String)] = [
    ("train a.txt --lr 0.01", "train a.txt --learning-rate 0.01"),
    ("train a.txt --lr=0.01", "train a.txt --learning-rate=0.01"),
    ("train a.txt --batch-size 8", "train a.txt --batch 8"), ("train a.txt --batch_size=8", "train a.txt --batch=8"),
    ("train a.txt -b 8", "train a.txt --batch 8"),
    ("train a.txt --learning_rate 0.01", "train a.txt --learning-rate 0.01"),
    ("train a.txt --seq-length 50", "train a.txt --bptt 50"), ("train a.txt --block_size=64", "train a.txt --bptt=64"),
    ("train a.txt --num-layers 2", "train a.txt --layers 2"), ("train a.txt --n_layer=2", "train a.txt --layers=2"),
    ("train a.txt -rnn_size 128", "train a.txt --hidden 128"),
    ("train a.txt --hidden-size 64", "train a.txt --hidden 64"),
    ("train a.txt --nhid 64", "train a.txt --hidden 64"), ("train a.txt --emsize 32", "train a.txt --embedding 32"),
    ("train a.txt --max_iters=100", "train a.txt --steps=100"),
    ("train a.txt --num-epochs 3", "train a.txt --epochs 3"),
    ("train a.txt -e 3", "train a.txt --epochs 3"), ("train a.txt --grad_clip=1", "train a.txt --clip=1"),
    ("train a.txt --wd 0.1", "train a.txt --weight-decay 0.1"),
    ("train a.txt --optim sgd", "train a.txt --optimizer sgd"),
    ("train a.txt --warmup_iters=10", "train a.txt --warmup=10"), ("train a.txt -t 2", "train a.txt --threads 2"),
    ("train a.txt --val_frac 0.05", "train a.txt --validation 0.05"), ("train a.txt -o m", "train a.txt --model m"),
    ("train --data a.txt --steps 1", "train a.txt --steps 1"), ("train --data_dir=texts", "train texts"),
    ("train -f a.txt", "train a.txt"), ("train a.txt --rnn-type gru", "train a.txt --cell gru"),
    ("train a.txt --manual-seed 3", "train a.txt --random-seed 3"),
    ("train a.txt --wdrop 0.5", "train a.txt --weight-drop 0.5"),
    ("train a.txt --Dropout 0.5", "train a.txt --dropout 0.5"), ("train a.txt --tie-weights", "train a.txt --tied"),
    ("train a.txt --log-dir runs", "train a.txt --tensorboard runs"), ("train --continue", "train --resume"),
    ("sample --prompt Hello", "sample --seed Hello"), ("sample -p Hello", "sample --seed Hello"),
    ("sample --start=Hello", "sample --seed=Hello"), ("sample -primetext Hello", "sample --seed Hello"),
    ("sample -f seed.txt", "sample --seed-file seed.txt"), ("sample --n-predict 100", "sample --length 100"),
    ("sample --max_new_tokens=100", "sample --length=100"), ("sample --temp 0.5", "sample --temperature 0.5"),
    ("sample --top_k 40", "sample --top-k 40"), ("sample --topp 0.9", "sample --top-p 0.9"),
    ("sample --num-samples 3", "sample --count 3"), ("sample -m a", "sample --model a"),
    ("sample --ckpt a", "sample --model a"), ("sample --repetition-penalty 1.1", "sample --repeat-penalty 1.1"),
    ("sample -i", "sample --interactive"), ("sample --grammar-file a.gbnf", "sample --grammar a.gbnf"),
    ("sample --num-beams 4", "sample --beam 4"), ("sample --n_probs 5", "sample --show-candidates 5"),
    ("sample --prompt --lr", "sample --seed --lr"), ("eval -m a -f b.txt", "eval --model a b.txt"),
    ("eval --checkpoint a", "eval --model a"), ("info -m a", "info a"), ("info --model a", "info a"),
    ("vocab --data a.txt --top 5", "vocab a.txt --limit 5"), ("plot a.jsonl -o b.svg", "plot a.jsonl --output b.svg"),
    ("average a b -o c", "average a b --output c"), ("bench --time 5", "bench --seconds 5"),
    ("score --file a.txt -n 5", "score a.txt --top 5"), ("score a.txt -o b.html", "score a.txt --html b.html"),
    ("neurons a.txt -n 5 --html c -m b", "neurons a.txt --units 5 --html c --model b"),
    ("compare a b --text c", "compare a b c"),
    ("novelty a --train b --test c", "novelty a --corpus b --held-out c"),
    ("transduce -m a --input hello", "transduce --model a hello"), ("-V", "--version"),
    ("compress a.txt -m a -T 2 --to-stdout", "compress a.txt --model a --threads 2 --stdout"),
    ("serve -m a -p 9000 --parallel 8", "serve --model a --port 9000 --streams 8"),
    ("serve --api-key x --bind 0.0.0.0", "serve --token x --host 0.0.0.0"),
    ("decompress -t a.charlm", "decompress --test a.charlm"),
  ]

  @Test("a synonym is read as the command's own word", arguments: understood)
  func understands(_ foreign: String, _ own: String) throws {
    let words = foreign.split(separator: " ").map(String.init)
    let expected = own.split(separator: " ").map(String.init)
    #expect(try ForeignWords(words).translated() == expected)
    #expect(throws: Never.self) { try RootCommand.parsed(words) }
  }

  static let answered: [(arguments: String, message: String)] = [
    ("train a.txt --seed 3", "unknown option '--seed'; did you mean '--random-seed'?"),
    ("compress -d a.charlm", "unknown option '-d'; 'charlm decompress' does that"),
    ("unpack a.charlm", "there is no command 'unpack'; did you mean 'decompress'?"),
    (
      "train a.txt --n_embd=64",
      "unknown option '--n_embd'; --hidden is the width of a layer, --embedding that of a token's vector"
    ),
    ("train a.txt --device cuda", "unknown option '--device'; charlm computes on the CPU; leave it out"),
    ("train a.txt -gpuid -1", "unknown option '-gpuid'; charlm computes on the CPU; leave it out"),
    (
      "train a.txt --out_dir=out",
      "unknown option '--out_dir'; --model names the model's file, such as FOLDER/NAME.safetensors"
    ),
    ("train a.txt -n 5", "unknown option '-n'; --steps, --epochs and --budget say how long to train"),
    (
      "train a.txt -s 5",
      "unknown option '-s'; --random-seed is the random generator's seed, --steps the number of steps"
    ),
    ("train a.txt --dtype float16", "unknown option '--dtype'; --precision is float32 or bf16"),
    ("train a.txt --compile", "unknown option '--compile'; charlm needs no compilation; leave it out"),
    ("train a.txt --learning-rat 1", "unknown option '--learning-rat'; did you mean '--learning-rate'?"),
    ("train a.txt --hiden 5", "unknown option '--hiden'; did you mean '--hidden'?"),
    ("train a.txt --lyaers 2", "unknown option '--lyaers'; did you mean '--layers'?"),
    ("train a.txt --budgte 2m", "unknown option '--budgte'; did you mean '--budget'?"),
    ("train a.txt --batchsise 2", "unknown option '--batchsise'; did you mean '--batch'?"),
    ("train a.txt --rate 1", "unknown option '--rate'; did you mean '--learning-rate'?"),
    ("sample --len 5", "unknown option '--len'; did you mean '--length'?"),
    ("sample --tempreature 1", "unknown option '--tempreature'; did you mean '--temperature'?"),
    ("sample -n 5", "unknown option '-n'; --length is the number of tokens, --count the number of samples"),
    ("sample --n 5", "unknown option '--n'; --length is the number of tokens, --count the number of samples"),
    (
      "sample -t 1",
      "unknown option '-t'; --threads is the number of threads, --temperature how freely tokens are drawn"
    ),
    ("sample -s 1", "unknown option '-s'; --seed is the text to continue, --random-seed the random generator's seed"),
    ("sample --output a.txt", "unknown option '--output'; the text goes to standard output: charlm sample > FILE"),
    ("sample --out_dir=out", "unknown option '--out_dir'; name the model's file with --model"),
    ("sample --xyz", "unknown option '--xyz'; see 'charlm sample --help'"),
    ("info --threads 2", "unknown option '--threads'; see 'charlm info --help'"),
    (
      "convert a -o b", "unknown option '-o'; name what is written with --to (a state dict) or --model (a model)"
    ),
    ("smaple", "there is no command 'smaple'; did you mean 'sample'?"),
    ("vocab", "missing <corpus>: 'charlm vocab <corpus>'; see 'charlm vocab --help'"),
    ("trian a.txt", "there is no command 'trian'; did you mean 'train'?"),
    ("help smaple", "there is no command 'smaple'; did you mean 'sample'?"),
    ("generate", "there is no command 'generate'; did you mean 'sample'?"),
    ("Train a.txt", "there is no command 'Train'; did you mean 'train'?"),
    ("surprisal a.txt", "there is no command 'surprisal'; did you mean 'score'?"),
    ("activations", "there is no command 'activations'; did you mean 'neurons'?"),
    ("memorization", "there is no command 'memorization'; did you mean 'novelty'?"),
    ("evaluate", "there is no command 'evaluate'; did you mean 'eval'?"),
    (
      "train a.txt --budget 2",
      "the value '2' is invalid for '--budget <time>': a time needs a unit: 2s for seconds, 2m for minutes; see 'charlm "
        + "train --help'"
    ),
    (
      "train a.txt --save-every 10",
      "the value '10' is invalid for '--save-every <interval>': it needs a unit: 10m for minutes, 10steps for steps; see "
        + "'charlm train --help'"
    ),
    (
      "train a.txt --document-separator a\\q",
      "the value 'a\\q' is invalid for '--document-separator <text>': a backslash must be followed by n, r, t or another "
        + "backslash; see 'charlm train --help'"
    ),
  ]

  @Test("what means several things, or nothing, is answered with what to write", arguments: answered)
  func answers(_ arguments: String, _ message: String) throws {
    let error = #expect(throws: (any Error).self) {
      try RootCommand.parsed(arguments.split(separator: " ").map(String.init))
    }
    let ending = Ending(try #require(error))
    #expect(ending.message == "charlm: " + message + "\n")
    #expect(ending.exitCode == 2)
  }

  @Test("every synonym is of an option that its command has, and means one thing")
  func tables() throws {
    for command in try RepeatedOption.tool().command.subcommands ?? [] {
      let own = Set((command.arguments ?? []).flatMap(\.writtenNames))
      var seen: Set<String> = []
      for synonym in Synonym.table(of: command.commandName) {
        if case .option(let name) = synonym.meaning, !own.contains(name) {
          #expect(["--threads", "--quiet"].contains(name), "\(command.commandName): \(name)")
          continue
        }
        for word in synonym.words {
          #expect(!own.contains(word), "\(command.commandName): \(word) is its own")
          #expect(seen.insert(word).inserted, "\(command.commandName): \(word) is listed twice")
        }
      }
    }
  }

  @Test(
    "times as people write them",
    arguments: [
      ("90s", 90.0), ("90sec", 90), ("2min", 120), ("2 minutes", 120), ("1h 30m", 5400), ("1h30m", 5400),
      ("1 hour 30 minutes", 5400), ("1.5h", 5400), ("2d", 172800), ("10M", 600), ("1 Min", 60),
    ])
  func times(_ text: String, _ seconds: Double) throws {
    #expect(try TimeSpan(argument: text).seconds == seconds)
  }

  @Test("what is not a time", arguments: ["", "m", "2x", "30m1h", "1h1h", "-2m", "0s", "1e9h", "2:30", "nan"])
  func noTimes(_ text: String) {
    #expect(throws: (any Error).self) { try TimeSpan(argument: text) }
  }

  @Test("escapes in the seed text and the stop text")
  func escapes() throws {
    let command = try RootCommand.parsed(["sample", "--seed", "ROMEO:\\n", "--stop", "\\n\\n"])
    let sample = try #require(command as? SampleCommand)
    #expect(sample.seed == "ROMEO:\n" && sample.stop == ["\n\n"])
  }
}
