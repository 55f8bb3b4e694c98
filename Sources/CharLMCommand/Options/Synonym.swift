/// What users of PyTorch, nanoGPT, char-rnn, llama.cpp and others write for an option of a command.
///
/// A word that means one thing in its command is understood, silently; one that does not is answered with what to write.
/// Words are compared without case, hyphens and underscores, so `--batch_size` needs no entry beside `--batch-size`.
struct Synonym: Sendable {
  /// The words, as they are written.
  let words: [String]
  let meaning: Meaning

  enum Meaning: Sendable, Equatable {
    /// An option of the command, by its name.
    case option(String)
    /// An argument without a name: the word is left out, its value stays.
    case argument
    /// What to do instead.
    case answer(String)
  }

  private init(_ words: String, _ meaning: Meaning) {
    self.words = words.split(separator: " ").map(String.init)
    self.meaning = meaning
  }

  private static func option(_ name: String, _ words: String) -> Synonym { Synonym(words, .option(name)) }
  private static func argument(_ words: String) -> Synonym { Synonym(words, .argument) }
  private static func answer(_ text: String, _ words: String) -> Synonym { Synonym(words, .answer(text)) }
}

// MARK: The tables

extension Synonym {
  /// The synonyms of a command; those of the program itself where `command` is nil.
  static func table(of command: String?) -> [Synonym] {
    switch command {
    case nil: [option("--version", "-V -v")]
    case "train": train + [option("--threads", "-t")] + shared
    case "sample": sample + prompt + reading + shared
    case "eval":
      [
        argument("--data --dataset --input --file --text --corpus --data-dir -f -i"),
        option("--threads", "-t"), answer("charlm always prints the perplexity; leave it out", "--ppl --perplexity"),
        answer("charlm chooses it; leave it out", "--batch-size -b"),
      ] + reading + shared
    case "score":
      [
        argument("--data --input --file --text -f -i"), option("--top", "-n -k --limit --rows"), page,
        option("--threads", "-t"),
      ]
        + reading + shared
    case "neurons":
      [argument("--data --input --file --text -f -i"), option("--units", "-n --top --limit"), page] + reading + shared
    case "compare":
      [argument("--model --data --input --file --text -m -f -i"), page, option("--threads", "-t")] + shared
    case "novelty":
      [
        argument("--sample --input --file --text -f -i"), option("--corpus", "--train --training --data --against -c"),
        option("--top", "-n -k --limit --rows"), option("--held-out", "--heldout --test --validation-file --val-file"),
        option("--validation", "--val-frac --val-fraction --val-split --validation-split --valid-frac --val"),
      ] + shared
    case "serve":
      [
        option("--host", "--bind --address --listen -H"), option("--port", "-p"),
        option("--token", "--api-key --key --auth-token"), option("--open", "--browser --launch -o"),
        option("--streams", "--parallel --max-streams -np"), option("--threads", "-t"),
      ] + reading + shared
    case "transduce":
      [argument("--input --text --prompt --seed -i -p"), answer("the texts are read from '< FILE'", "--file -f")]
        + reading + shared
    case "info": [argument("--model --checkpoint --ckpt --model-path --file --load -m -f")] + shared
    case "average":
      [argument("--models --model -m"), option("--output", "--out --save -o"), option("--threads", "-t")] + shared
    case "vocab":
      [
        argument("--data --dataset --input --file --text --corpus --data-dir -f -i"),
        option("--limit", "--top --rows --max -n -l"), option("--vocabulary-size", "--vocab-size --max-vocab"),
        option("--min-count", "--min-freq --min-frequency"),
      ] + shared
    case "compress":
      [
        argument("--file --input -i"), option("--model", "-m"), option("--threads", "-t -T"),
        option("--stdout", "--to-stdout"), option("--output", "--out"),
        answer("'charlm decompress' does that", "--decompress --uncompress -d"),
        answer("a better model compresses better; leave it out", "--best --fast --extreme --level -e"),
      ] + shared
    case "decompress":
      [
        argument("--file --input -i --decompress -d"), option("--model", "-m"), option("--threads", "-T"),
        option("--stdout", "--to-stdout"), option("--output", "--out"), option("--test", "-t"),
      ] + shared
    case "plot":
      [argument("--log --logs --file -f"), option("--output", "--out --save -o"), option("--x", "--x-axis -x")] + shared
    case "convert":
      [
        argument("--input --file --from -i -f"), option("--model", "-m"), option("--vocabulary", "--vocab --tokens"),
        option("--to", "--state-dict --pytorch"), option("--corpus", "--data --text"),
        answer(
          "name what is written with --to (a state dict) or --model (a model)", "--output --out -o --out-dir --save"),
      ] + shared
    case "bench":
      [
        option("--seconds", "--time --duration --budget"), option("--batch", "--batch-size -b"),
        option("--bptt", "--seq-length --seq-len --block-size"), option("--hidden", "--hidden-size --rnn-size"),
        option("--layers", "--num-layers --n-layer --n-layers"), option("--precision", "--dtype"),
        option("--threads", "-t"),
      ] + shared
    default: []
    }
  }

  /// What means the same in every command that has such an option.
  private static let shared = [
    option("--threads", "--num-threads --n-threads --nthreads --jobs --num-workers --workers -j"),
    option("--quiet", "--silent -q"), option("--help", "-? --usage"),
    answer(
      "charlm computes on the CPU; leave it out",
      "--device --cuda --use-cuda --no-cuda --gpu --gpuid --gpus --cpu --n-gpu-layers --gpu-layers -ngl --backend --mps"
    ),
    answer("charlm needs no compilation; leave it out", "--compile"),
    answer("there is none; --quiet prints less", "--verbose"),
  ]

  /// The page that a command writes.
  private static let page = option("--html", "--output --out --page --report -o")

  /// The model that a command reads.
  private static let reading = [
    option("--model", "--checkpoint --ckpt --model-path --model-file --load --load-from -m"),
    answer("name the model's file with --model", "--out-dir --checkpoint-dir --model-dir --init-from"),
  ]

  /// The text that a sample continues, and how it is drawn.
  private static let sample = [
    option("--length", "--n-predict --max-new-tokens --max-tokens --num-tokens --n-tokens --predict -l"),
    option("--length", "--max-length --max-len --max-gen-length --num-chars --chars --n-chars"),
    option("--temperature", "--temp --sampling-temperature"),
    option("--count", "--num-samples --n-samples --samples --num-return-sequences"),
    option("--random-seed", "--manual-seed --rng-seed --random-state --set-seed"),
    option("--repeat-penalty", "--repetition-penalty --rep-pen"), option("--top-p", "--nucleus"),
    option("--typical-p", "--typical"), option("--top-n-sigma", "--top-nsigma"), option("--dry", "--dry-multiplier"),
    option("--grammar", "--grammar-file --gbnf"), option("--beam", "--num-beams --beam-size --beam-width"),
    option("--show-candidates", "--logprobs --top-logprobs --n-probs"),
    option("--dynamic-temperature", "--dynatemp-range"), option("--samplers", "--sampler-order --sampler-seq"),
    answer("--mirostat takes the bits per token to reach, such as 2", "--mirostat-ent --mirostat-lr --tau"),
    option("--stop", "--stop-sequence --stop-string --stop-at --stop-text --reverse-prompt --antiprompt -r"),
    answer("--length is the number of tokens, --count the number of samples", "-n --n --num --number"),
    answer("--threads is the number of threads, --temperature how freely tokens are drawn", "-t"),
    answer("--seed is the text to continue, --random-seed the random generator's seed", "-s"),
    answer("--temperature 0 always takes the most likely token", "--greedy --argmax"),
    answer("the text goes to standard output: charlm sample > FILE", "--output --out -o --output-file"),
    answer("a recurrent network has no context size; leave it out", "--ctx-size --n-ctx --context-length -c"),
    option("--interactive", "--chat --conversation -i -cnv"),
    answer("charlm writes text as it is generated; leave it out", "--stream"),
    answer("charlm always samples, unless --temperature is 0; leave it out", "--do-sample"),
    answer("--precision is float32 or bf16", "--dtype --fp16 --bf16"),
  ]

  private static let prompt = [
    option("--seed", "--prompt --prime --primetext --prime-text --start --start-text --prefix --seed-text --text -p"),
    option("--seed-file", "--prompt-file --file -f"),
  ]

  private static let train = [
    argument(
      "--data --dataset --data-dir --data-path --input --input-file --input-txt --text --corpus --file -f -i -d"),
    option("--learning-rate", "--lr --max-lr --base-lr"),
    option("--batch", "--batch-size --bs --batchsz --mini-batch-size --minibatch -b"),
    option("--bptt", "--seq-length --seq-len --sequence-length --block-size --context-length --context --ctx-size -c"),
    option("--layers", "--num-layers --n-layer --n-layers --nlayers --rnn-layers --depth"),
    option("--hidden", "--hidden-size --hidden-dim --rnn-size --nhid --num-hidden --hidden-units --units --width"),
    option("--embedding", "--emsize --embedding-size --embedding-dim --embed-size --embed-dim --wordvec-size"),
    answer("--hidden is the width of a layer, --embedding that of a token's vector", "--n-embd --d-model --dim"),
    option("--cell", "--rnn-type --cell-type --architecture --arch"),
    option("--steps", "--max-iters --max-steps --num-steps --n-steps --iterations --train-steps --niter --iters"),
    option("--epochs", "--num-epochs --max-epochs --n-epochs --num-train-epochs --epoch -e"),
    option("--budget", "--time --max-time --time-limit --duration"),
    option("--random-seed", "--manual-seed --rng-seed --random-state --set-seed"),
    answer("did you mean '--random-seed'?", "--seed"),
    option("--clip", "--grad-clip --clip-grad --max-grad-norm --gradient-clip --gradient-clipping --grad-norm-clip"),
    option("--weight-decay", "--wd --l2 --wdecay"), option("--warmup", "--warmup-iters --warmup-steps"),
    option("--schedule", "--lr-schedule --scheduler --lr-scheduler --lr-scheduler-type"),
    option("--optimizer", "--optim --optimiser"), option("--patience", "--early-stopping --early-stop"),
    option("--dropout", "--dropout-rate --dropout-prob --drop --drop-rate"),
    option("--embedding-dropout", "--dropoute"), option("--weight-drop", "--wdrop"),
    option("--tied", "--tie-weights --tied-weights --tie-embeddings"),
    option("--vocabulary-size", "--vocab-size --max-vocab"), option("--min-count", "--min-freq --min-frequency"),
    option("--validation", "--val-frac --val-fraction --val-split --validation-split --valid-frac --val"),
    option("--validation-file", "--val-file --valid-file --val-data --validation-data --valid-data"),
    option("--model", "--output --out --save --output-file --model-out --save-path --model-path -o -m"),
    answer("--model names the model's file, such as FOLDER/NAME.safetensors", "--out-dir --output-dir --save-dir"),
    answer("--model names the model's file, such as FOLDER/NAME.safetensors", "--checkpoint-dir --checkpoint-name"),
    answer("--save-every takes a time or steps: 10m, 500steps", "--checkpoint-every --save-interval --save-steps"),
    option("--init-from", "--pretrained --load --finetune --finetune-from --from-model --checkpoint --ckpt"),
    option("--resume", "--continue --resume-training"), option("--log", "--log-file"),
    option("--tensorboard", "--log-dir --tb --tb-dir --tensorboard-dir"),
    option("--find-lr", "--lr-find --lr-finder"), option("--unit", "--token --tokenization --level"),
    answer("--precision is float32 or bf16", "--dtype --fp16 --bf16 --amp --mixed-precision --half"),
    answer("--steps, --epochs and --budget say how long to train", "-n --n --num"),
    answer("--random-seed is the random generator's seed, --steps the number of steps", "-s"),
  ]
}
