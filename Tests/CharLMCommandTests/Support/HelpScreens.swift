/// The whole help screens at 80 columns.
enum HelpScreens {
  static let charlm = """
    OVERVIEW: Trains models on text of any script, character by character, and
    writes like it.

    Example:
      charlm train corpora/english.txt --budget 1m
      charlm sample --seed Hello

    USAGE: charlm [--version] <subcommand>

    OPTIONS:
      --version               Show the version and the libraries in use.
      -h, --help              Show help information.

    SUBCOMMANDS:
      train                   Train a model on a text, or on aligned pairs.
      sample                  Write text like the one that a model was trained on.
      eval                    Measure how well a model predicts a text.
      transduce               Turn texts into others of as many tokens, as a model
                              of pairs learned it.
      average                 Average the weights of models of one run.
      info                    Show what a model file holds.
      vocab                   Show the tokens of a corpus, and what limits would
                              leave of them.
      plot                    Draw the course of trainings from their logs.
      convert                 Exchange models with PyTorch, as state dicts in
                              safetensors.
      bench                   Measure how fast this machine trains and samples.

      See 'charlm help <subcommand>' for detailed help.
    """

  static let train = """
    OVERVIEW: Train a model on a text, or on aligned pairs.

    What is not given is chosen from the corpus's size, or for the time that
    --budget gives, and said. The model is written to models/, named after the
    first file. An interrupt (Control-C) saves, and --resume goes on. --init-from
    begins a new run from a model: its vocabulary is kept, and tokens of the corpus
    that it lacks are added.

    Example:
      charlm train corpora/english.txt --budget 1m
      charlm train corpora/hello-ohlol.tsv --pairs
      charlm train capitals.tsv --pairs --bidirectional
      charlm train corpora/english.txt --unit word --embedding-init glove.50d.txt
      charlm train german.txt --init-from models/english.safetensors
      charlm train corpora/english.txt --find-lr
      zstd -dc corpus.zst | charlm train - --document-separator '<|endoftext|>'

    USAGE: charlm train [<options>] [<corpus> ...]

    ARGUMENTS:
      <corpus>                Text files, folders or patterns; - for standard input.

    LENGTH:
      --epochs <number>       Times through the training text, such as 2.5.
      --steps <number>        Updates of the parameters.
      --budget <time>         Time from start to the final save: 90s, 10m, 1h30m;
                              the network is chosen for it.

    NETWORK:
      --cell <cell>           The recurrent cell (default: lstm). (values: lstm,
                              gru, rnn)
      --nonlinearity <nonlinearity>
                              What an rnn cell applies (default: tanh). (values:
                              tanh, relu)
      --layers <number>       Stacked layers.
      --hidden <number>       The width of a layer.
      --embedding <number>    The width of a token's vector.
      --dropout <probability> Dropout between layers and before the decoder, 0 to
                              0.95.
      --tied                  Use the embedding as the decoder's weight.
      --bidirectional         With --pairs: each layer also reads from the end.
      --layer-norm            Normalize each layer's gates: layer normalization.

    TEXT:
      --unit <unit>           What a token is (default: grapheme, what a reader
                              takes for one character). (values: grapheme, scalar,
                              byte, word)
      --normalization <form>  Unicode normalization of the text (default: none).
                              (values: none, nfc, nfd, nfkc, nfkc-casefold)
      --encoding <name>       The encoding of the files, by any name that ICU knows
                              (default: auto, found for each).
      --invalid <policy>      What becomes of bytes that are not valid in it; byte
                              keeps them as they are (default: error). (values:
                              error, replace, byte)
      --fallback <spelling>   How tokens that the vocabulary leaves out are
                              spelled: by their scalars, or these by their bytes
                              (default: chosen). (values: none, scalar, byte)
      --min-count <number>    Leave rarer tokens out of the vocabulary (default:
                              chosen).
      --vocabulary-size <number>
                              The most tokens that the vocabulary may have.
      --document-separator <text>
                              What stands between two documents of a file, such as
                              '<|endoftext|>' or '\\n\\n'; each file is one without.
      --validation <fraction> The part at the end that is kept for validation
                              (default: 0.1).
      --validation-file <file>
                              A file to validate on instead.

    TRAINING:
      --batch <number>        Parallel streams through the text, or pairs.
      --bptt <number>         Tokens that gradients go back in a stream.
      --optimizer <optimizer> The rule of an update (default: adamw). (values:
                              adam, adamw, sgd, rmsprop)
      --learning-rate <rate>  The peak of the learning rate.
      --schedule <schedule>   The course of the learning rate (default: cosine).
                              (values: cosine, constant, plateau)
      --warmup <number>       Steps in which the learning rate rises.
      --clip <norm>           The largest norm of the gradients; 0 for any
                              (default: 1).
      --weight-decay <rate>   The weight decay.
      --momentum <part>       What of its last move sgd (default: 0.9) or rmsprop
                              (0) keeps.
      --ema <part>            Validate and save a moving mean of the weights that
                              keeps this part of itself a step; 0 for none
                              (default: chosen).
      --bptt-jitter           Draw each chunk's length between half of --bptt and
                              --bptt.
      --patience <number>     Stop after so many validations without a better one
                              (default: go on to the end).
      --precision <precision> What products are made in; bf16 is nearly twice as
                              fast on CPUs that have it (default: float32; with
                              --budget the fastest). (values: float32, bf16)
      --random-seed <number>  The seed of initial values and dropout (default: 1).

    REGULARIZATION:
      --locked-dropout        Dropout keeps one mask for all time steps of a chunk.
      --embedding-dropout <probability>
                              Drop whole tokens from the embedding, 0 to 0.95
                              (default: chosen).
      --weight-drop <probability>
                              Drop elements of the recurrent weights, 0 to 0.95
                              (default: chosen).
      --ar <factor>           Activation regularization: of the outputs' mean
                              square (default: chosen).
      --tar <factor>          Temporal activation regularization: of the mean
                              square of their changes (default: 0).

    WATCHING:
      --log <file>            Write the course of the run, a JSON object a line;
                              'charlm plot' draws it.
      --tensorboard <folder>  Write event files for TensorBoard, in a folder of
                              this run in it.
      --show-samples <number> Show at most so many samples as training goes, the
                              last at its end.
      --report <file>         Write what came of the run as a page for a browser
                              (HTML).

    OPTIONS:
      --pairs                 The corpus holds pairs: lines 'input<TAB>output' with
                              as many tokens on both sides.
      --model <file>          Where to write the model (default:
                              models/NAME.safetensors).
      --resume                Go on exactly where the run stopped that makes this
                              model.
      --save-every <interval> Save model and state so often: 10m, or 500steps
                              (default: 2m).
      --init-from <model>     Start from the weights of a model; tokens that it
                              lacks are added to its vocabulary.
      --embedding-init <file> Start the embedding from the vectors of a GloVe or
                              word2vec text file.
      --keep <number>         Keep the models of the last so many validations, as
                              NAME.step-000123.safetensors, for 'charlm average'.
      --find-lr               Try learning rates from 1e-5 to 1, say which is good,
                              draw NAME.find-lr.svg, and stop.
      --cache <folder>        Where the tokens of large corpora are kept for later
                              runs (default: $CHARLM_CACHE, else the user's caches).
      --dry-run               Say what the run would be and take, and stop.
      --threads <number>      Threads to compute with (default: one for each core).
      --json                  Print the result as JSON on standard output.
      --quiet                 Say nothing on standard error but errors.
      -h, --help              Show help information.
    """

  static let sample = """
    OVERVIEW: Write text like the one that a model was trained on.

    The seed text is printed first, then what the model goes on with, as it is
    made. Several samples are made side by side, up to 64 at a time, and printed
    when they are whole; each is the text that its random seed gives alone.

    With --model several times each token is drawn from the mean of the models'
    probabilities.

    Example:
      charlm sample --seed Hello --length 300 --temperature 0.7
      charlm sample --model models/a.safetensors --model models/b.safetensors

    USAGE: charlm sample <options>

    OPTIONS:
      --model <file>          The model (default: the newest that fits in models/);
                              given several times, the mean of the models'
                              probabilities.
      --seed <text>           The text to go on from.
      --seed-file <file>      A file with the text to go on from; - for standard
                              input.
      --length <number>       Tokens to write. (default: 500)
      --temperature <number>  Below 1 the likely becomes likelier; 0 takes the
                              likeliest. (default: 0.8)
      --top-k <number>        Draw from this many likeliest tokens.
      --top-p <probability>   Draw from the likeliest that together have this
                              probability.
      --min-p <part>          Draw from those at least this part as likely as the
                              likeliest.
      --repeat-penalty <number>
                              Make the last 64 tokens less likely; 1 for not at
                              all. (default: 1.0)
      --stop <text>           End before this text, where it comes.
      --count <number>        Samples to write. (default: 1)
      --random-seed <number>  The seed of the random generator (default: drawn, and
                              said).
      --on-unknown <policy>   What to do with characters of the seed text that the
                              model does not know. (values: error, skip, nearest;
                              default: error)
      --precision <precision> What weights are kept in: bf16 is nearly twice as
                              fast and as good to read. (values: float32, bf16;
                              default: bf16)
      --threads <number>      Threads to compute with (default: one for each core).
      --json                  Print the result as JSON on standard output.
      --quiet                 Say nothing on standard error but errors.
      -h, --help              Show help information.
    """

  static let eval = """
    OVERVIEW: Measure how well a model predicts a text.

    Without a file: the validation part of the corpus that the model was trained
    on. 'stateful' reads the text once, in order; 'cold256' is the mean over 200
    random windows of 256 predictions, each from a zero state. For a transducer a
    file of pairs: how many tokens, words and pairs come out right. With --model
    several times, the mean of the models' probabilities is measured.

    Example:
      charlm eval
      charlm eval corpora/english.txt --protocol cold256 --json
      charlm eval --model models/a.safetensors --model models/b.safetensors

    USAGE: charlm eval [<file> ...] [--model <file> ...] [--protocol <protocol>] [--on-unknown <policy>] [--encoding <name>] [--invalid <policy>] [--cache <folder>] [--threads <number>] [--json] [--quiet]

    ARGUMENTS:
      <file>                  Texts, folders or patterns, read as one; - for
                              standard input.

    OPTIONS:
      --model <file>          The model (default: the newest that fits in models/);
                              given several times, the mean of the models'
                              probabilities.
      --protocol <protocol>   How the text is read. (values: stateful, cold256;
                              default: stateful)
      --on-unknown <policy>   What to do with characters that the model does not
                              know; skip leaves them out. (values: error, skip;
                              default: error)
      --encoding <name>       The encoding of the files, by any name that ICU knows
                              (default: auto, found for each).
      --invalid <policy>      What becomes of bytes that are not valid in it; byte
                              keeps them as they are (default: error). (values:
                              error, replace, byte)
      --cache <folder>        Where the tokens of large corpora are kept for later
                              runs (default: $CHARLM_CACHE, else the user's caches).
      --threads <number>      Threads to compute with (default: one for each core).
      --json                  Print the result as JSON on standard output.
      --quiet                 Say nothing on standard error but errors.
      -h, --help              Show help information.
    """

  static let transduce = """
    OVERVIEW: Turn texts into others of as many tokens, as a model of pairs learned
    it.

    Without a text: each line of standard input.

    Example:
      charlm train corpora/hello-ohlol.tsv --pairs
      charlm transduce hello

    USAGE: charlm transduce [<text> ...] [--model <file>] [--on-unknown <policy>] [--quiet]

    ARGUMENTS:
      <text>                  What to turn into something else, each by itself.

    OPTIONS:
      --model <file>          The model (default: the newest that fits in models/).
      --on-unknown <policy>   What to do with characters that the model does not
                              know. (values: error, skip, nearest; default: error)
      --quiet                 Say nothing on standard error but errors.
      -h, --help              Show help information.
    """

  static let info = """
    OVERVIEW: Show what a model file holds.

    Example:
      charlm info

    USAGE: charlm info [<model>] [--json] [--quiet]

    ARGUMENTS:
      <model>                 The model (default: the newest in models/).

    OPTIONS:
      --json                  Print the result as JSON on standard output.
      --quiet                 Say nothing on standard error but errors.
      -h, --help              Show help information.
    """

  static let bench = """
    OVERVIEW: Measure how fast this machine trains and samples.

    Each shape runs in a process of its own. The shapes: lstm-128, lstm-256,
    lstm-512, lstm-1024, lstm1-512, gru-256, gru-512, rnn-256, cjk-512.
    The limit of training is the time of a step's matrix products alone. Sampling
    keeps its weights in bfloat16, in a second measurement in float32.

    Example:
      charlm bench --shape lstm-128 lstm-512 --seconds 5

    USAGE: charlm bench [--shape <name> ...] [--seconds <time>] [--precision <precision>] [--layers <number>] [--hidden <size>] [--batch <number>] [--bptt <number>] [--training-only] [--threads <number>] [--json] [--quiet]

    OPTIONS:
      --shape <name>          The sizes to measure (default: all).
      --seconds <time>        How long each shape trains. (default: 8s)
      --precision <precision> What training multiplies in. (values: float32, bf16;
                              default: float32)
      --layers <number>       Another number of layers.
      --hidden <size>         Another hidden size.
      --batch <number>        Another number of streams.
      --bptt <number>         Another length of a chunk.
      --training-only         Measure training only, neither sampling nor
                              evaluation.
      --threads <number>      Threads to compute with (default: one for each core).
      --json                  Print the result as JSON on standard output.
      --quiet                 Say nothing on standard error but errors.
      -h, --help              Show help information.
    """

  static let vocab = """
    OVERVIEW: Show the tokens of a corpus, and what limits would leave of them.

    The tokens with their Unicode names and counts, the most frequent first; the
    scripts and categories of the text; what a minimum count or a size would lose;
    and the settings that 'charlm train' would choose.

    Example:
      charlm vocab corpora/english.txt
      charlm vocab corpora --unit scalar --limit 0

    USAGE: charlm vocab <corpus> ... [--unit <unit>] [--normalization <form>] [--encoding <name>] [--invalid <policy>] [--fallback <spelling>] [--min-count <number>] [--vocabulary-size <number>] [--document-separator <text>] [--limit <number>] [--json] [--quiet]

    ARGUMENTS:
      <corpus>                Text files, folders or patterns; - for standard input.

    TEXT:
      --unit <unit>           What a token is (default: grapheme, what a reader
                              takes for one character). (values: grapheme, scalar,
                              byte, word)
      --normalization <form>  Unicode normalization of the text (default: none).
                              (values: none, nfc, nfd, nfkc, nfkc-casefold)
      --encoding <name>       The encoding of the files, by any name that ICU knows
                              (default: auto, found for each).
      --invalid <policy>      What becomes of bytes that are not valid in it; byte
                              keeps them as they are (default: error). (values:
                              error, replace, byte)
      --fallback <spelling>   How tokens that the vocabulary leaves out are
                              spelled: by their scalars, or these by their bytes
                              (default: chosen). (values: none, scalar, byte)
      --min-count <number>    Leave rarer tokens out of the vocabulary (default:
                              chosen).
      --vocabulary-size <number>
                              The most tokens that the vocabulary may have.
      --document-separator <text>
                              What stands between two documents of a file, such as
                              '<|endoftext|>' or '\\n\\n'; each file is one without.

    OPTIONS:
      --limit <number>        The most rows of the table; 0 for all (default: 20,
                              with --json all).
      --json                  Print the result as JSON on standard output.
      --quiet                 Say nothing on standard error but errors.
      -h, --help              Show help information.
    """

  static let convert = """
    OVERVIEW: Exchange models with PyTorch, as state dicts in safetensors.

    With --to: the model's parameters as load_state_dict reads them:
    embedding.weight, rnn.weight_ih_l0, …, decoder.weight, decoder.bias. With
    --model: the reverse, for a module of nn.Embedding, nn.LSTM, nn.GRU or nn.RNN,
    and nn.Linear, whatever its members are called. A state dict does not say what
    its tokens are: give --vocabulary, a JSON array of them in order, or the
    --corpus, whose sorted characters are taken.

    Example:
      charlm convert models/english.safetensors --to pt.st
      charlm convert pt.st --model m.safetensors --corpus corpora/english.txt

    USAGE: charlm convert <file> [--to <file>] [--model <file>] [--vocabulary <file>] [--output-vocabulary <file>] [--corpus <file>] [--unit <unit>] [--normalization <normalization>] [--nonlinearity <nonlinearity>] [--quiet]

    ARGUMENTS:
      <file>                  A model (with --to) or a state dict (with --model).

    OPTIONS:
      --to <file>             Write the model as a state dict.
      --model <file>          Write the state dict as a model.
      --vocabulary <file>     The tokens in order, as a JSON array: read for a
                              state dict, written beside one.
      --output-vocabulary <file>
                              The same for the outputs of a transducer.
      --corpus <file>         The text that the state dict was trained on, for its
                              sorted tokens.
      --unit <unit>           What a token is (default: scalar, which is Python's
                              character). (values: grapheme, scalar, byte, word)
      --normalization <normalization>
                              Unicode normalization of the text (default: none).
                              (values: none, nfc, nfd, nfkc, nfkc-casefold)
      --nonlinearity <nonlinearity>
                              What an nn.RNN applies, which its tensors do not say.
                              (values: tanh, relu)
      --quiet                 Say nothing on standard error but errors.
      -h, --help              Show help information.
    """

  static let average = """
    OVERVIEW: Average the weights of models of one run.

    While the learning rate is high, the models of a run lie around a better one,
    which is near their mean. 'charlm train --keep 5' keeps the last ones. The mean
    is one model, as small and as fast as each of them; it is measured on the
    validation part of the corpus where that is found. (To average the
    probabilities of models of different runs, give 'charlm sample' or 'charlm
    eval' --model several times.)

    Example:
      charlm train corpora/english.txt --schedule constant --keep 5
      charlm average models/english.step-*.safetensors

    USAGE: charlm average <model> ... [--output <file>] [--force] [--cache <folder>] [--threads <number>] [--json] [--quiet]

    ARGUMENTS:
      <model>                 Models of one run.

    OPTIONS:
      --output <file>         Where to write the mean (default:
                              NAME.average.safetensors beside them).
      --force                 Average models of different runs, too; sensible where
                              they began from the same trained weights.
      --cache <folder>        Where the tokens of large corpora are kept for later
                              runs (default: $CHARLM_CACHE, else the user's caches).
      --threads <number>      Threads to compute with (default: one for each core).
      --json                  Print the result as JSON on standard output.
      --quiet                 Say nothing on standard error but errors.
      -h, --help              Show help information.
    """

  static let plot = """
    OVERVIEW: Draw the course of trainings from their logs.

    Losses, learning rate and gradient norms of one run, or of several in one
    picture, as SVG. The logs are those of 'charlm train --log'; a run can be drawn
    while it goes on.

    Example:
      charlm plot runs/english.jsonl
      charlm plot runs/small.jsonl runs/large.jsonl --x seconds --output sizes.svg

    USAGE: charlm plot <log> ... [--output <file>] [--x <x>] [--quiet]

    ARGUMENTS:
      <log>                   Logs of trainings.

    OPTIONS:
      --output <file>         Where to write the picture; - for standard output
                              (default: beside the first log).
      --x <x>                 What runs from left to right. (values: steps, epochs,
                              seconds; default: steps)
      --quiet                 Say nothing on standard error but errors.
      -h, --help              Show help information.
    """
}
