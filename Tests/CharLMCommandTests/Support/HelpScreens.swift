/// The whole help screens at 80 columns.
enum HelpScreens {
  static let charlm = """
    OVERVIEW: Train character-level language models on text of any script, and
    generate text with them.

    Example:
      charlm train corpora/english.txt --budget 1m
      charlm sample --seed Hello

    USAGE: charlm [--version] <subcommand>

    OPTIONS:
      --version               Show the version and the libraries in use.
      -h, --help              Show help information.

    SUBCOMMANDS:
      train                   Train a model on a text, or on aligned pairs.
      distil                  Train a model on what other models predict.
      sample                  Generate text with a trained model.
      eval                    Measure how well a model predicts a text.
      score                   Show how surprising a text is to a model, character by
                              character.
      neurons                 Show what the units of a network keep track of in a
                              text.
      compare                 Compare two models, or a model and a baseline, on one
                              text.
      novelty                 Show how much of a sample is copied from a corpus.
      serve                   Play with models in the browser, and offer them to
                              programs over HTTP.
      compress                Compress text as well as a model predicts it.
      decompress              Restore the text from a file that 'charlm compress'
                              wrote.
      transduce               Transform texts token by token, with a model trained
                              on pairs.
      average                 Average the weights of models of one run.
      info                    Show the contents of a model file.
      vocab                   Show the tokens of a corpus, and the effect of limits
                              on the vocabulary.
      plot                    Plot training runs from their logs.
      convert                 Exchange models with PyTorch, as state dicts in
                              safetensors.
      bench                   Measure how fast this machine trains and samples.

      See 'charlm help <subcommand>' for detailed help.

    ENVIRONMENT:
      CHARLM_CACHE            Folder for the tokens of large corpora.
      CHARLM_MPI              The MPI library of several processes, in place of the
                              launcher's.
      CHARLM_KERNELS          The instruction set to use at most: plain, avx2 or
                              avx512.
      CHARLM_PRODUCTS         What multiplies matrices: own or library.
      NO_COLOR                Where it is set, output has no colors.

      'charlm --generate-completion-script bash' (or zsh, fish) prints completions
      for a shell.
    """

  static let train = """
    OVERVIEW: Train a model on a text, or on aligned pairs.

    Settings that are not given are chosen to suit the size of the corpus, or the
    time given with --budget, and are shown. The model is written to models/ under
    the name of the first file; one that an earlier run left there is kept as
    NAME.1, NAME.2, …. Interrupting (Control-C) saves the run; --resume continues
    it. --init-from starts a new run from an existing model: its vocabulary is kept
    and extended by the tokens of the corpus that it lacks.

    Example:
      charlm train corpora/english.txt --budget 1m
      charlm train corpora/hello-ohlol.tsv --pairs
      charlm train capitals.tsv --pairs --bidirectional
      charlm train corpora/english.txt --unit word --embedding-init glove.50d.txt
      charlm train german.txt --init-from models/english.safetensors
      charlm train corpora/english.txt --find-lr
      charlm train corpus.txt.zst --document-separator '<|endoftext|>'

    USAGE: charlm train [<options>] [<corpus> ...]

    ARGUMENTS:
      <corpus>                Text files, folders or patterns; - for standard input.

    LENGTH:
      --epochs <number>       Passes through the training text, such as 2.5.
      --steps <number>        The number of training steps.
      --budget <time>         Time from start to final save: 90s, 10m, 1h30m; the
                              network is sized to suit it.

    NETWORK:
      --cell <cell>           The recurrent cell. (values: lstm, gru, rnn; default:
                              lstm)
      --nonlinearity <nonlinearity>
                              The activation of an rnn cell. (values: tanh, relu;
                              default: tanh)
      --layers <number>       The number of stacked layers.
      --hidden <number>       The width of a layer.
      --embedding <number>    The width of a token's vector.
      --dropout <probability> Dropout between layers and before the decoder, 0 to
                              0.95.
      --tied/--no-tied        Share the weights of embedding and decoder. (default:
                              from 1,000 tokens on, unless the embedding's width is
                              given)
      --bidirectional         With --pairs: read the input in both directions.
      --layer-norm            Apply layer normalization to the gates.
      --mogrify <rounds>      Rounds in which a cell's input and state gate each
                              other before it reads them, 0 to 6. (default: 2 where
                              a --budget reads a long text three times, else 0)

    TEXT:
      --unit <unit>           What a token is. (values: grapheme, scalar, byte,
                              word; default: grapheme, what a reader sees as one
                              character)
      --normalization <form>  Unicode normalization of the text. (values: none, nfc,
                              nfd, nfkc, nfkc-casefold; default: none)
      --encoding <name>       The encoding of the files, by any name that ICU knows.
                              (default: auto, detected for each file)
      --invalid <policy>      What to do with bytes that are invalid in the
                              encoding; byte keeps them as they are. (values: error,
                              replace, byte; default: error)
      --fallback <spelling>   How to spell tokens that are not in the vocabulary: by
                              their scalars, or by their scalars and bytes. (values:
                              none, scalar, byte; default: automatic)
      --min-count <number>    Leave out tokens that occur less often than this.
                              (default: automatic)
      --vocabulary-size <number>
                              The largest number of tokens in the vocabulary.
      --document-separator <text>
                              The text between two documents of a file, such as
                              '<|endoftext|>' or '\\n\\n'. (default: each file is one
                              document)
      --validation <fraction> The part at the end to hold out for validation.
                              (default: 0.1)
      --validation-file <file>
                              A file to validate on instead.

    TRAINING:
      --batch <number>        Parallel streams through the text, or pairs per step.
      --bptt <number>         Tokens that gradients flow back through in a stream.
      --optimizer <optimizer> The optimizer. (values: adam, adamw, soap, sgd,
                              rmsprop; default: soap; for --pairs, adamw)
      --learning-rate <rate>  The peak learning rate.
      --schedule <schedule>   The learning-rate schedule. (values: cosine, constant,
                              plateau; default: cosine)
      --warmup <number>       Steps over which the learning rate rises.
      --clip <norm>           The largest gradient norm; 0 for no clipping.
                              (default: 1)
      --weight-decay <rate>   The weight decay.
      --momentum <factor>     The momentum of sgd (default: 0.9) or rmsprop
                              (default: 0).
      --ema <decay>           Validate and save a moving average of the weights with
                              this decay per step; 0 for none. (default: automatic)
      --bptt-jitter           Draw each chunk's length at random, from half of
                              --bptt to --bptt.
      --patience <number>     Stop after this many validations without improvement.
                              (default: automatic)
      --precision <precision> The precision of matrix products; bf16 is nearly twice
                              as fast on CPUs that support it. (values: float32,
                              bf16; default: bf16 there)
      --random-seed <number>  The random seed of initial weights and dropout.
                              (default: 1)

    REGULARIZATION:
      --locked-dropout        Use one dropout mask for all time steps of a chunk.
      --embedding-dropout <probability>
                              Drop whole tokens from the embedding, 0 to 0.95.
                              (default: automatic)
      --weight-drop <probability>
                              Drop recurrent weights, 0 to 0.95. (default:
                              automatic)
      --ar <factor>           Activation regularization: penalizes large outputs.
                              (default: automatic)
      --tar <factor>          Temporal activation regularization: penalizes changes
                              of the outputs. (default: 0)

    SEVERAL PROCESSES, STARTED BY MPIRUN OR SRUN:
      --sync-every <number>   Steps that each process makes by itself before they
                              average what they have learned; 1 to share each step.
                              (default: measured at the start)
      --wire <precision>      The number format of gradients sent; bf16 halves the
                              traffic. (values: float32, bf16; default: float32)
      --members               Train a model in each process, alike but for the
                              random seed: teachers for 'charlm distil'.

    WATCHING:
      --log <file>            Log the run as JSON Lines; 'charlm plot' draws it.
      --tensorboard <folder>  Write event files for TensorBoard, in a subfolder for
                              this run.
      --show-samples <number> Show up to this many samples during training, the last
                              at its end.
      --report <file>         Write a report of the run as an HTML page.

    OPTIONS:
      --pairs                 The corpus holds pairs: lines 'input<TAB>output' with
                              the same number of tokens on both sides.
      --model <file>          Where to write the model. (default:
                              models/NAME.safetensors)
      --resume                Continue this model's run exactly where it stopped.
      --overwrite             Replace the model, log and report of an earlier run,
                              instead of keeping them as NAME.1, NAME.2, ….
      --save-every <interval> How often to save model and state: 10m, or 500steps.
                              (default: 2m)
      --init-from <model>     Start from the weights of a model; tokens that it
                              lacks are added to its vocabulary.
      --embedding-init <file> Initialize the embedding from a GloVe or word2vec text
                              file.
      --teacher <model>       Learn from what a model predicts, too, as 'charlm
                              distil' does; of several, from their mean.
      --teacher-weight <part> The part of the loss that comes from the teachers, the
                              rest coming from the text. (default: 0.5)
      --keep <number>         Keep the models of this many last validations as
                              NAME.step-000123.safetensors, for 'charlm average'.
      --find-lr               Try learning rates from 1e-5 to 1, suggest one, plot
                              NAME.find-lr.svg, and stop.
      --cache <folder>        Folder for the tokens of large corpora, reused by
                              later runs. (default: $CHARLM_CACHE, else the user's
                              cache folder)
      --dry-run               Show what the run would be and how long it would take,
                              and stop.
      --config <file>         A TOML file with lines 'option = value', for options
                              that are not given here; 'charlm info --config' writes
                              one.
      --threads <number>      Threads to compute with. (default: one per core)
      --json                  Print the result as JSON on standard output.
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let distil = """
    OVERVIEW: Train a model on what other models predict.

    Several models predict better together than each of them, but take as much time
    and memory as all of them. 'distil' trains one model, the student, to predict
    what they predict together, at the cost of one. The teachers need a common
    vocabulary, such as that of runs with different --random-seed. They read the
    training text once, before the student starts. The same as 'charlm train' with a
    --teacher for each of them; all other options of 'train' that concern network
    and training can be given.

    Example:
      charlm train corpora/english.txt --budget 2m --random-seed 1 --model a.safetensors
      charlm train corpora/english.txt --budget 2m --random-seed 2 --model b.safetensors
      charlm distil a.safetensors b.safetensors --corpus corpora/english.txt --budget 2m

    USAGE: charlm distil [<options>] <model> ... --corpus <corpus> ...

    ARGUMENTS:
      <model>                 The teachers: language models of one vocabulary.

    LENGTH:
      --epochs <number>       Passes through the training text, such as 2.5.
      --steps <number>        The number of training steps.
      --budget <time>         Time from start to final save: 90s, 10m, 1h30m; the
                              network is sized to suit it.

    NETWORK:
      --cell <cell>           The recurrent cell. (values: lstm, gru, rnn; default:
                              lstm)
      --nonlinearity <nonlinearity>
                              The activation of an rnn cell. (values: tanh, relu;
                              default: tanh)
      --layers <number>       The number of stacked layers.
      --hidden <number>       The width of a layer.
      --embedding <number>    The width of a token's vector.
      --dropout <probability> Dropout between layers and before the decoder, 0 to
                              0.95.
      --tied/--no-tied        Share the weights of embedding and decoder. (default:
                              from 1,000 tokens on, unless the embedding's width is
                              given)
      --bidirectional         With --pairs: read the input in both directions.
      --layer-norm            Apply layer normalization to the gates.
      --mogrify <rounds>      Rounds in which a cell's input and state gate each
                              other before it reads them, 0 to 6. (default: 2 where
                              a --budget reads a long text three times, else 0)

    TEXT:
      --unit <unit>           What a token is. (values: grapheme, scalar, byte,
                              word; default: grapheme, what a reader sees as one
                              character)
      --normalization <form>  Unicode normalization of the text. (values: none, nfc,
                              nfd, nfkc, nfkc-casefold; default: none)
      --encoding <name>       The encoding of the files, by any name that ICU knows.
                              (default: auto, detected for each file)
      --invalid <policy>      What to do with bytes that are invalid in the
                              encoding; byte keeps them as they are. (values: error,
                              replace, byte; default: error)
      --fallback <spelling>   How to spell tokens that are not in the vocabulary: by
                              their scalars, or by their scalars and bytes. (values:
                              none, scalar, byte; default: automatic)
      --min-count <number>    Leave out tokens that occur less often than this.
                              (default: automatic)
      --vocabulary-size <number>
                              The largest number of tokens in the vocabulary.
      --document-separator <text>
                              The text between two documents of a file, such as
                              '<|endoftext|>' or '\\n\\n'. (default: each file is one
                              document)
      --validation <fraction> The part at the end to hold out for validation.
                              (default: 0.1)
      --validation-file <file>
                              A file to validate on instead.

    TRAINING:
      --batch <number>        Parallel streams through the text, or pairs per step.
      --bptt <number>         Tokens that gradients flow back through in a stream.
      --optimizer <optimizer> The optimizer. (values: adam, adamw, soap, sgd,
                              rmsprop; default: soap; for --pairs, adamw)
      --learning-rate <rate>  The peak learning rate.
      --schedule <schedule>   The learning-rate schedule. (values: cosine, constant,
                              plateau; default: cosine)
      --warmup <number>       Steps over which the learning rate rises.
      --clip <norm>           The largest gradient norm; 0 for no clipping.
                              (default: 1)
      --weight-decay <rate>   The weight decay.
      --momentum <factor>     The momentum of sgd (default: 0.9) or rmsprop
                              (default: 0).
      --ema <decay>           Validate and save a moving average of the weights with
                              this decay per step; 0 for none. (default: automatic)
      --bptt-jitter           Draw each chunk's length at random, from half of
                              --bptt to --bptt.
      --patience <number>     Stop after this many validations without improvement.
                              (default: automatic)
      --precision <precision> The precision of matrix products; bf16 is nearly twice
                              as fast on CPUs that support it. (values: float32,
                              bf16; default: bf16 there)
      --random-seed <number>  The random seed of initial weights and dropout.
                              (default: 1)

    REGULARIZATION:
      --locked-dropout        Use one dropout mask for all time steps of a chunk.
      --embedding-dropout <probability>
                              Drop whole tokens from the embedding, 0 to 0.95.
                              (default: automatic)
      --weight-drop <probability>
                              Drop recurrent weights, 0 to 0.95. (default:
                              automatic)
      --ar <factor>           Activation regularization: penalizes large outputs.
                              (default: automatic)
      --tar <factor>          Temporal activation regularization: penalizes changes
                              of the outputs. (default: 0)

    WATCHING:
      --log <file>            Log the run as JSON Lines; 'charlm plot' draws it.
      --tensorboard <folder>  Write event files for TensorBoard, in a subfolder for
                              this run.
      --show-samples <number> Show up to this many samples during training, the last
                              at its end.
      --report <file>         Write a report of the run as an HTML page.

    OPTIONS:
      --corpus <corpus>       The text to train on, best the teachers' own: a file,
                              folder or pattern; repeat it for several.
      --teacher-weight <part> The part of the loss that comes from the teachers, the
                              rest coming from the text. (default: 0.5)
      --model <file>          Where to write the model. (default:
                              models/NAME.distilled.safetensors)
      --overwrite             Replace the model, log and report of an earlier run,
                              instead of keeping them as NAME.1, NAME.2, ….
      --save-every <interval> How often to save model and state: 10m, or 500steps.
                              (default: 2m)
      --cache <folder>        Folder for the tokens of large corpora, reused by
                              later runs. (default: $CHARLM_CACHE, else the user's
                              cache folder)
      --dry-run               Show what the run would be and how long it would take,
                              and stop.
      --config <file>         A TOML file with lines 'option = value', for options
                              that are not given here; 'charlm info --config' writes
                              one.
      --threads <number>      Threads to compute with. (default: one per core)
      --json                  Print the result as JSON on standard output.
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let sample = """
    OVERVIEW: Generate text with a trained model.

    Prints the seed text, then its continuation as it is generated. With --count, up
    to 64 samples are generated at a time and printed, in order, as they are
    complete; each is the text that its random seed gives alone.

    A model that was trained on separate documents, such as names or poems, has
    learned where they end. There it writes what separates them in its corpus and
    begins the next one. --documents asks for whole documents.

    With --model repeated, each token is drawn from the average of the models'
    probabilities.

    Example:
      charlm sample --seed Hello --length 300 --temperature 0.7
      charlm sample --model models/names.safetensors --documents 10
      charlm sample --match '[A-Z][a-z]{3,8}' --count 10 --distinct
      charlm sample --grammar json
      charlm sample --documents 1 --count 10 --unique-from names.txt
      charlm sample --count 5 --novelty
      charlm sample --model models/a.safetensors --model models/b.safetensors

    USAGE: charlm sample <options>

    DRAWING:
      --temperature <number>  Lower is more predictable, higher makes up more words;
                              0 always takes the most likely token. (default: 0.6)
      --word-temperature <number>
                              The temperature inside words, after a letter;
                              --temperature counts elsewhere.
      --dynamic-temperature <range>
                              Let the temperature rise and fall by this much with
                              the model's uncertainty.
      --top-k <number>        Draw only from this many most likely tokens.
      --top-p <probability>   Draw only from the most likely tokens that together
                              have this probability.
      --min-p <fraction>      Draw only from tokens at least this fraction as likely
                              as the most likely.
      --typical-p <probability>
                              Draw only from the most typical tokens that together
                              have this probability.
      --top-n-sigma <number>  Draw only from tokens whose logits are at most this
                              many standard deviations below the largest.
      --mirostat <bits>       Keep the surprise of what is drawn near this many bits
                              per token.
      --repeat-penalty <number>
                              Make the last 64 tokens less likely; 1 has no effect.
                              (default: 1.0)
      --dry <strength>        Make it less likely that 16 tokens or more are
                              repeated, by this many nats at first; 0.8 is usual.
      --logit-bias <set=number>
                              Make characters more likely, or less: '[q]=-5',
                              '[aeiou]=0.5' adds to their logits. May be repeated.
      --allow <set>           Draw only these characters, such as '[a-z ]' or
                              '[\\p{Greek}\\p{P} \\n]'.
      --forbid <set>          Never draw these characters, such as '[0-9]'.
      --samplers <names>      The filters in the order in which they are applied,
                              commas between. (default: repeat-penalty, dry,
                              logit-bias, top-n-sigma, temperature, typical-p,
                              min-p, top-k, top-p, mirostat)

    SHAPE:
      --match <expression>    Generate a text that matches this regular expression
                              as a whole, after the seed; --length is then the
                              maximum.
      --grammar <file>        Likewise, generate a text of this GBNF grammar; 'json'
                              is a built-in one for JSON.

    SELECTION:
      --beam <number>         Instead of drawing, search for the likeliest texts:
                              keep this many beginnings from token to token.
      --best-of <number>      Generate this many texts for each sample, and keep the
                              one that is likeliest for its length.
      --distinct              With --count, generate texts that all differ.
      --unique-from <corpus>  Leave out texts that are a line or a document of this
                              corpus, such as the names that a model was trained on.

    OPTIONS:
      --model <file>          The model (default: the newest suitable one in
                              models/); repeat it to average the probabilities of
                              several.
      --seed <text>           The text to continue; \\n is a line break.
      --seed-file <file>      A file with the text to continue; - for standard
                              input.
      --length <number>       The number of tokens to generate (default: 500); with
                              --documents, the most for each document (default:
                              20000).
      --documents <number>    Generate this many whole documents, each beginning
                              with the seed; for a model that was trained on
                              documents.
      --stop <text>           Stop before this text; \\n is a line break. May be
                              repeated: the first text that comes ends the sample.
      --interactive           Take turns at a terminal: type how the text begins,
                              and the model goes on; /help lists commands.
      --count <number>        The number of samples. (default: 1)
      --show-candidates <number>
                              Show each token that is drawn with its probability,
                              and this many of the most likely tokens of its place.
      --random-seed <number>  The seed of the random generator. (default: random,
                              and shown)
      --on-unknown <policy>   What to do with characters of the seed text that the
                              model does not know. (values: error, skip, nearest;
                              default: error)
      --precision <precision> The weights' number format. int8 is the fastest, with
                              no visible loss of quality, and the same seed then
                              gives the same text on every machine. (default: int8;
                              bf16 on CPUs without int8 instructions) (values:
                              float32, bf16, int8)
      --mix                   Mix the model's probabilities with those of counts,
                              which know the training text; where that is not found,
                              they know the sample alone, and learn as it is
                              written.
      --novelty               Say of each sample how much of it stands word for word
                              in the text that the model was trained on, and how
                              long the longest passage is.
      --novelty-from <corpus> The same, of this corpus instead: files, folders or
                              patterns. May be repeated.
      --config <file>         A TOML file with lines 'option = value', for options
                              that are not given here; 'charlm info --config' writes
                              one.
      --threads <number>      Threads to compute with. (default: one per core)
      --json                  Print the result as JSON on standard output.
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let eval = """
    OVERVIEW: Measure how well a model predicts a text.

    Without a file, evaluates on the validation part of the corpus that the model
    was trained on. 'stateful' reads the text once, in order; 'cold256' averages 200
    random windows of 256 predictions, each from a zero state. A transducer is
    evaluated on a file of pairs: how many tokens, words and pairs are correct. With
    --model repeated, the average of the models' probabilities is evaluated.

    --dynamic and --mix report, besides the usual figure, the figure when the model
    keeps learning as it reads, and when it is mixed with counts that do. Both read
    the text once, in order, and never learn from what is still to be predicted.
    With both, the mixture with the model that learns is evaluated, too.

    --baselines adds compressors that are installed (bzip2, xz, zstd, PPMd by 7z):
    the extra bytes needed for the training text followed by this text, over the
    training text alone. With several files, each gets a line. The certainty of
    differences between predictors is estimated from the lines of the text (paired
    bootstrap).

    --documents adds figures for single documents, if the model was trained on
    documents: their spread, and those that are hardest and easiest to predict; with
    --json all of them.

    Example:
      charlm eval
      charlm eval --dynamic --mix --baselines
      charlm eval corpora/english.txt --protocol cold256 --json
      charlm eval --model models/a.safetensors --model models/b.safetensors

    USAGE: charlm eval [<options>] [<file> ...]

    ARGUMENTS:
      <file>                  Texts, folders or patterns, read as one; - for
                              standard input.

    OPTIONS:
      --model <file>          The model (default: the newest suitable one in
                              models/); repeat it to average the probabilities of
                              several.
      --protocol <protocol>   How the text is read. (values: stateful, cold256;
                              default: stateful)
      --on-unknown <policy>   What to do with characters that the model does not
                              know; skip leaves them out. (values: error, skip;
                              default: error)
      --dynamic               Let the model learn from every 32 tokens after they
                              were predicted, at rates chosen on the training text.
      --mix                   Mix the model's probabilities with those of counts,
                              which know the training text, if it is there, and
                              learn from each token after it was predicted.
      --baselines             Also compare with compressors, in a table, and say how
                              certain the differences are.
      --documents             Report how well the model predicts each document of
                              the text.
      --precision <precision> The weights' number format, to measure its cost in
                              quality. (values: float32, bf16, int8; default: as in
                              training)
      --encoding <name>       The encoding of the files, by any name that ICU knows.
                              (default: auto, detected for each file)
      --invalid <policy>      What to do with bytes that are invalid in the
                              encoding; byte keeps them as they are. (values: error,
                              replace, byte; default: error)
      --cache <folder>        Folder for the tokens of large corpora, reused by
                              later runs. (default: $CHARLM_CACHE, else the user's
                              cache folder)
      --threads <number>      Threads to compute with. (default: one per core)
      --json                  Print the result as JSON on standard output.
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let transduce = """
    OVERVIEW: Transform texts token by token, with a model trained on pairs.

    Without a text, transforms each line of standard input as it comes.

    Example:
      charlm train corpora/hello-ohlol.tsv --pairs
      charlm transduce hello

    USAGE: charlm transduce [<text> ...] [--model <file>] [--on-unknown <policy>]
    [--quiet]

    ARGUMENTS:
      <text>                  Texts to transform, each on its own.

    OPTIONS:
      --model <file>          The model. (default: the newest suitable one in
                              models/)
      --on-unknown <policy>   What to do with characters that the model does not
                              know. (values: error, skip, nearest; default: error)
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let compress = """
    OVERVIEW: Compress text as well as a model predicts it.

    Writes FILE.charlm, from which 'charlm decompress' restores the same bytes, on
    any CPU. Without --model, it uses counts that learn from the text as they read
    it; no model is put in the file, since one would have to save more than its own
    size. With --model, the same model is needed to decompress; for texts like those
    that it was trained on, this saves more, and most with --mix. With --dictionary,
    counts read another text first, as with zstd -D; this helps most where texts are
    short, or where it is the model's corpus. Files of --dynamic or a --precision
    other than int8 are decompressed only where the arithmetic is the same.

    Any bytes are taken, text or not. The file itself stays (--rm removes it). As
    with xz: a file that exists is not replaced without --force, nothing compressed
    goes to a terminal, and without a file, or with -, standard input is compressed
    to standard output.

    Example:
      charlm compress corpora/english.txt
      charlm compress notes.txt --model models/english.safetensors --mix
      charlm compress letter.txt --dictionary letters-of-last-year.txt
      charlm compress notes.txt --rm

    USAGE: charlm compress [<options>] [<file>]

    ARGUMENTS:
      <file>                  The file to compress; - for standard input. (default:
                              -)

    OPTIONS:
      --model <file>          A model of such texts. (default: none)
      --mix                   Mix the model's probabilities with those of counts
                              that learn from the text.
      --dynamic               Let the model learn from every 32 characters after
                              they were coded.
      -D, --dictionary <file> A text that counts read first, such as the model's
                              corpus; compressing and decompressing need the same.
      -o, --output <file>     Write this file; - for standard output.
      -c, --stdout            Write to standard output.
      -f, --force             Replace a file that exists.
      -k, --keep              Keep the input file, which is the default.
      --rm                    Remove the file once its compressed form was
                              decompressed and compared with it.
      --test                  Decompress what was written and compare it with the
                              file.
      --precision <precision> The model's weights' number format. (values: float32,
                              bf16, int8; default: int8, decompressed on any CPU;
                              with --dynamic float32)
      --threads <number>      Threads to compute with. (default: one per core)
      --json                  Print the result as JSON on standard output.
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let decompress = """
    OVERVIEW: Restore the text from a file that 'charlm compress' wrote.

    Writes FILE from FILE.charlm, which stays (--rm removes it). A file is written
    whole or not at all: damage, a different model or arithmetic is an error that
    says where, and what is needed. Standard output gets one checked block after
    another.

    The model that a file needs is looked for in models/ by its contents, whatever
    it is called now. A dictionary has to be named with --dictionary.

    Example:
      charlm decompress english.txt.charlm
      charlm decompress notes.txt.charlm --model models/english.safetensors -c
      charlm decompress --test notes.txt.charlm

    USAGE: charlm decompress [<file>] [--model <file>] [--dictionary <file>]
    [--output <file>] [--stdout] [--force] [--keep] [--rm] [--test] [--threads
    <number>] [--json] [--quiet]

    ARGUMENTS:
      <file>                  The file to decompress; - for standard input.
                              (default: -)

    OPTIONS:
      --model <file>          The model that it was compressed with. (default: found
                              in models/)
      -D, --dictionary <file> A text that counts read first, such as the model's
                              corpus; compressing and decompressing need the same.
      -o, --output <file>     Write this file; - for standard output.
      -c, --stdout            Write to standard output.
      -f, --force             Replace a file that exists.
      -k, --keep              Keep the input file, which is the default.
      --rm                    Remove the file once it is decompressed.
      --test                  Write nothing: only check that it can be decompressed.
      --threads <number>      Threads to compute with. (default: one per core)
      --json                  Print the result as JSON on standard output.
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let info = """
    OVERVIEW: Show the contents of a model file.

    Example:
      charlm info
      charlm info models/book.safetensors --config

    USAGE: charlm info [<model>] [--config] [--json] [--quiet]

    ARGUMENTS:
      <model>                 The model. (default: the newest in models/)

    OPTIONS:
      --config                Print the options that repeat the model's run, as a
                              file for 'charlm train --config'.
      --json                  Print the result as JSON on standard output.
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let bench = """
    OVERVIEW: Measure how fast this machine trains and samples.

    Each shape runs in its own process. Shapes: lstm-128, lstm-256, lstm-512,
    lstm-1024, lstm1-512, gru-256, gru-512, rnn-256, cjk-512.
    The limit of training is the time of a step's matrix products alone. Sampling is
    measured with weights in bfloat16, float32 and int8.

    Example:
      charlm bench --shape lstm-128 lstm-512 --seconds 5

    USAGE: charlm bench [--shape <name> ...] [--seconds <time>] [--precision
    <precision>] [--layers <number>] [--hidden <size>] [--batch <number>] [--bptt
    <number>] [--training-only] [--threads <number>] [--json] [--quiet]

    OPTIONS:
      --shape <name>          The shapes to measure. (default: all)
      --seconds <time>        How long each shape trains. (default: 8s)
      --precision <precision> The precision of training. (values: float32, bf16;
                              default: float32)
      --layers <number>       Override the number of layers.
      --hidden <size>         Override the hidden size.
      --batch <number>        Override the number of streams.
      --bptt <number>         Override the length of a chunk.
      --training-only         Measure only training, not sampling and evaluation.
      --threads <number>      Threads to compute with. (default: one per core)
      --json                  Print the result as JSON on standard output.
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let vocab = """
    OVERVIEW: Show the tokens of a corpus, and the effect of limits on the
    vocabulary.

    Lists the tokens with their Unicode names and counts, the most frequent first;
    the scripts and categories of the text; what a minimum count or a vocabulary
    size would lose; and the settings that 'charlm train' would choose.

    Example:
      charlm vocab corpora/english.txt
      charlm vocab corpora --unit scalar --limit 0

    USAGE: charlm vocab <corpus> ... [--unit <unit>] [--normalization <form>]
    [--encoding <name>] [--invalid <policy>] [--fallback <spelling>] [--min-count
    <number>] [--vocabulary-size <number>] [--document-separator <text>] [--limit
    <number>] [--json] [--quiet]

    ARGUMENTS:
      <corpus>                Text files, folders or patterns; - for standard input.

    TEXT:
      --unit <unit>           What a token is. (values: grapheme, scalar, byte,
                              word; default: grapheme, what a reader sees as one
                              character)
      --normalization <form>  Unicode normalization of the text. (values: none, nfc,
                              nfd, nfkc, nfkc-casefold; default: none)
      --encoding <name>       The encoding of the files, by any name that ICU knows.
                              (default: auto, detected for each file)
      --invalid <policy>      What to do with bytes that are invalid in the
                              encoding; byte keeps them as they are. (values: error,
                              replace, byte; default: error)
      --fallback <spelling>   How to spell tokens that are not in the vocabulary: by
                              their scalars, or by their scalars and bytes. (values:
                              none, scalar, byte; default: automatic)
      --min-count <number>    Leave out tokens that occur less often than this.
                              (default: automatic)
      --vocabulary-size <number>
                              The largest number of tokens in the vocabulary.
      --document-separator <text>
                              The text between two documents of a file, such as
                              '<|endoftext|>' or '\\n\\n'. (default: each file is one
                              document)

    OPTIONS:
      --limit <number>        The number of rows to show; 0 for all. (default: 20,
                              or all with --json)
      --json                  Print the result as JSON on standard output.
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let convert = """
    OVERVIEW: Exchange models with PyTorch, as state dicts in safetensors.

    --to writes the model's parameters as load_state_dict reads them:
    embedding.weight, rnn.weight_ih_l0, …, decoder.weight, decoder.bias. --model
    does the reverse, for a module of nn.Embedding, nn.LSTM, nn.GRU or nn.RNN, and
    nn.Linear, whatever its members are called. A state dict does not contain its
    tokens: give --vocabulary, a JSON array of them in order, or --corpus, whose
    sorted characters are used.

    Example:
      charlm convert models/english.safetensors --to pt.st
      charlm convert pt.st --model m.safetensors --corpus corpora/english.txt

    USAGE: charlm convert <file> [--to <file>] [--model <file>] [--vocabulary
    <file>] [--output-vocabulary <file>] [--corpus <file>] [--unit <unit>]
    [--normalization <normalization>] [--nonlinearity <nonlinearity>] [--quiet]

    ARGUMENTS:
      <file>                  A model (with --to) or a state dict (with --model).

    OPTIONS:
      --to <file>             Write the model as a state dict.
      --model <file>          Write the state dict as a model.
      --vocabulary <file>     The tokens in order, as a JSON array: an input with
                              --model, an output with --to.
      --output-vocabulary <file>
                              The same for the output side of a transducer.
      --corpus <file>         The text that the state dict was trained on, for its
                              sorted tokens.
      --unit <unit>           What a token is. (values: grapheme, scalar, byte,
                              word; default: scalar, which is Python's character)
      --normalization <normalization>
                              Unicode normalization of the text. (values: none, nfc,
                              nfd, nfkc, nfkc-casefold; default: none)
      --nonlinearity <nonlinearity>
                              The activation of an nn.RNN, which its tensors do not
                              tell. (values: tanh, relu)
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let average = """
    OVERVIEW: Average the weights of models of one run.

    While the learning rate is high, the models of a run scatter around a better
    one, which is close to their average. 'charlm train --keep 5' keeps the last
    ones. The average is one model, as small and as fast as each of them; it is
    evaluated on the validation part of the corpus where that is found. (To average
    the probabilities of models of different runs, repeat --model with 'charlm
    sample' or 'charlm eval'.)

    Example:
      charlm train corpora/english.txt --schedule constant --keep 5
      charlm average models/english.step-*.safetensors

    USAGE: charlm average <model> ... [--output <file>] [--force] [--cache <folder>]
    [--threads <number>] [--json] [--quiet]

    ARGUMENTS:
      <model>                 Models of one run.

    OPTIONS:
      --output <file>         Where to write the average. (default:
                              NAME.average.safetensors beside them)
      --force                 Average models of different runs, too; only useful if
                              they started from the same trained weights.
      --cache <folder>        Folder for the tokens of large corpora, reused by
                              later runs. (default: $CHARLM_CACHE, else the user's
                              cache folder)
      --threads <number>      Threads to compute with. (default: one per core)
      --json                  Print the result as JSON on standard output.
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let plot = """
    OVERVIEW: Plot training runs from their logs.

    Plots losses, learning rate and gradient norms of one run, or of several
    together, as SVG or PNG. The logs are those of 'charlm train --log'; a run can
    be plotted while it is still training.

    Example:
      charlm plot runs/english.jsonl
      charlm plot runs/small.jsonl runs/large.jsonl --x seconds --output sizes.svg

    USAGE: charlm plot <log> ... [--output <file>] [--x <x>] [--quiet]

    ARGUMENTS:
      <log>                   Logs of training runs.

    OPTIONS:
      --output <file>         Where to write the plot, .svg or .png; - for SVG on
                              standard output. (default: SVG beside the first log)
      --x <x>                 The horizontal axis. (values: steps, epochs, seconds;
                              default: steps)
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let shortTrain = """
    OVERVIEW: Train a model on a text, or on aligned pairs.

    Example:
      charlm train corpora/english.txt --budget 1m
      charlm train corpora/hello-ohlol.tsv --pairs

    USAGE: charlm train [<options>] [<corpus> ...]

    ARGUMENTS:
      <corpus>                Text files, folders or patterns; - for standard input.

    OPTIONS:
      --budget <time>         Time from start to final save: 90s, 10m, 1h30m; the
                              network is sized to suit it.
      --model <file>          Where to write the model. (default:
                              models/NAME.safetensors)
      --hidden <number>       The width of a layer.
      --document-separator <text>
                              The text between two documents of a file, such as
                              '<|endoftext|>' or '\\n\\n'. (default: each file is one
                              document)
      --resume                Continue this model's run exactly where it stopped.
      --init-from <model>     Start from the weights of a model; tokens that it
                              lacks are added to its vocabulary.
      --pairs                 The corpus holds pairs: lines 'input<TAB>output' with
                              the same number of tokens on both sides.
      --dry-run               Show what the run would be and how long it would take,
                              and stop.

      'charlm train --help-all' shows all 67 options.
    """

  static let shortSample = """
    OVERVIEW: Generate text with a trained model.

    Example:
      charlm sample --seed Hello --length 300 --temperature 0.7
      charlm sample --model models/names.safetensors --documents 10

    USAGE: charlm sample <options>

    OPTIONS:
      --model <file>          The model (default: the newest suitable one in
                              models/); repeat it to average the probabilities of
                              several.
      --seed <text>           The text to continue; \\n is a line break.
      --length <number>       The number of tokens to generate (default: 500); with
                              --documents, the most for each document (default:
                              20000).
      --temperature <number>  Lower is more predictable, higher makes up more words;
                              0 always takes the most likely token. (default: 0.6)
      --documents <number>    Generate this many whole documents, each beginning
                              with the seed; for a model that was trained on
                              documents.
      --stop <text>           Stop before this text; \\n is a line break. May be
                              repeated: the first text that comes ends the sample.
      --interactive           Take turns at a terminal: type how the text begins,
                              and the model goes on; /help lists commands.
      --count <number>        The number of samples. (default: 1)
      --random-seed <number>  The seed of the random generator. (default: random,
                              and shown)

      'charlm sample --help-all' shows all 41 options.
    """

  static let score = """
    OVERVIEW: Show how surprising a text is to a model, character by character.

    Surprisal is counted in bits: 1 where a character had one chance in two, 10
    where it had one in a thousand. On a terminal the text is shown in colors. Then
    the words and lines follow that are most surprising, which is where typing
    errors and other oddities are, and what the model expected instead. With --model
    repeated, the average of the models' probabilities counts.

    --html writes a page with the colored text, --jsonl an object for each token:
    its text, place and surprisal, and the likeliest tokens.

    Example:
      charlm score corpora/english.txt --html english.html
      charlm score corpora/english.txt --top 3 --jsonl english.jsonl

    USAGE: charlm score [<options>] <file>

    ARGUMENTS:
      <file>                  The text; - for standard input.

    OPTIONS:
      --model <file>          The model (default: the newest suitable one in
                              models/); repeat it to average the probabilities of
                              several.
      --html <file>           Write the text in colors as an HTML page.
      --jsonl <file>          Write the score of each token as JSON Lines; - for
                              standard output.
      --top <number>          How many of the most surprising words and lines to
                              list. (default: 10)
      --on-unknown <policy>   What to do with characters that the model does not
                              know; skip leaves them out. (values: error, skip;
                              default: error)
      --mix                   Mix the model's probabilities with those of counts,
                              which know the training text, if it is there, and
                              learn from each token after it was scored.
      --encoding <name>       The encoding of the files, by any name that ICU knows.
                              (default: auto, detected for each file)
      --invalid <policy>      What to do with bytes that are invalid in the
                              encoding; byte keeps them as they are. (values: error,
                              replace, byte; default: error)
      --cache <folder>        Folder for the tokens of large corpora, reused by
                              later runs. (default: $CHARLM_CACHE, else the user's
                              cache folder)
      --threads <number>      Threads to compute with. (default: one per core)
      --json                  Print the result as JSON on standard output.
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let neurons = """
    OVERVIEW: Show what the units of a network keep track of in a text.

    Lists, for quantities such as quotation marks, brackets, the position in the
    line and indentation, the units whose activation goes with them best, by their
    correlation; and how often gates are shut (below 0.1) or open (above 0.9). The
    activation is the cell state c of an LSTM, and h of a GRU or RNN.

    --html writes a page where you choose a unit, see the text colored by its
    activation, and find units by an example. It shows the --units best units and as
    much of the text as gives 1,000,000 activations, at most 100,000 bytes;
    correlations are those of the whole text.

    Example:
      charlm neurons corpora/english.txt --html neurons.html

    USAGE: charlm neurons <file> [--model <file>] [--html <file>] [--units <number>]
    [--on-unknown <policy>] [--encoding <name>] [--invalid <policy>] [--json]
    [--quiet]

    ARGUMENTS:
      <file>                  The text; - for standard input.

    OPTIONS:
      --model <file>          The model. (default: the newest suitable one in
                              models/)
      --html <file>           Write a page with the text and its units.
      --units <number>        How many units the page has: the best of each quantity
                              in turn. (default: 32)
      --on-unknown <policy>   What to do with characters that the model does not
                              know; skip leaves them out. (values: error, skip;
                              default: error)
      --encoding <name>       The encoding of the files, by any name that ICU knows.
                              (default: auto, detected for each file)
      --invalid <policy>      What to do with bytes that are invalid in the
                              encoding; byte keeps them as they are. (values: error,
                              replace, byte; default: error)
      --json                  Print the result as JSON on standard output.
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let compare = """
    OVERVIEW: Compare two models, or a model and a baseline, on one text.

    Says which predicts the text in fewer bits per byte, how large the difference
    is, with a 95% interval (paired bootstrap over lines), and where each is better:
    by script, kind of character and place in the line. The models may have
    different vocabularies; what one of them does not know is left out of both
    figures.

    In place of a model, 'ngram' is a 5-gram and 'unigram' letter frequencies, both
    counted on the text that the other was trained on; '8-gram' is one of that
    order, up to 16.

    Example:
      charlm compare small large corpora/english.txt
      charlm compare english ngram corpora/english.txt --html compare.html

    USAGE: charlm compare <a> <b> <file> [--html <file>] [--on-unknown <policy>]
    [--encoding <name>] [--invalid <policy>] [--cache <folder>] [--threads <number>]
    [--json] [--quiet]

    ARGUMENTS:
      <a>                     A model, or ngram, unigram or 8-gram.
      <b>                     The model or baseline to compare it with.
      <file>                  The text.

    OPTIONS:
      --html <file>           Write a page with the text and tables.
      --on-unknown <policy>   What to do with characters that one of the models does
                              not know; skip leaves them out. (values: error, skip;
                              default: error)
      --encoding <name>       The encoding of the files, by any name that ICU knows.
                              (default: auto, detected for each file)
      --invalid <policy>      What to do with bytes that are invalid in the
                              encoding; byte keeps them as they are. (values: error,
                              replace, byte; default: error)
      --cache <folder>        Folder for the tokens of large corpora, reused by
                              later runs. (default: $CHARLM_CACHE, else the user's
                              cache folder)
      --threads <number>      Threads to compute with. (default: one per core)
      --json                  Print the result as JSON on standard output.
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let serve = """
    OVERVIEW: Play with models in the browser, and offer them to programs over HTTP.

    Prints the address of a page on which a model goes on with what you type, and
    shows what else could have come. Programs ask at the same address: /openapi.json
    describes how, and OpenAI's clients work with its /v1. Only this machine can
    ask, unless --host names an address that others reach. Control-C ends it.

    Example:
      charlm serve --open
      charlm serve --model models/tales.safetensors --model models/names.safetensors
      charlm serve --runs logs
      charlm serve --runs runs --allow-training --corpora texts
      charlm serve --host 0.0.0.0 --token "$SECRET"

    USAGE: charlm serve [--model <file> ...] [--host <address>] [--port <number>]
    [--token <token>] [--open] [--runs <folder>] [--allow-training] [--corpora
    <folder>] [--streams <number>] [--precision <precision>] [--threads <number>]
    [--quiet]

    OPTIONS:
      --model <file>          The model (default: the newest suitable one in
                              models/); repeat it to offer several.
      --host <address>        The address to listen at; 0.0.0.0 for all of this
                              machine's. (default: 127.0.0.1)
      --port <number>         The port; 0 for one that is free. (default: 8080)
      --token <token>         What clients must show, as 'Authorization: Bearer
                              TOKEN'.
      --open                  Open the page in the browser.
      --runs <folder>         Show the runs whose logs are in this folder (train
                              --log).
      --allow-training        Let clients train models on the texts of --corpora,
                              stop and resume runs; all goes to --runs.
      --corpora <folder>      The folder with the texts that can be trained on.
      --streams <number>      How many texts are written at a time; others wait.
                              (default: 256)
      --precision <precision> The weights' number format. (default: int8; bf16 on
                              CPUs without int8 instructions) (values: float32,
                              bf16, int8)
      --threads <number>      Threads to compute with. (default: one per core)
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """

  static let novelty = """
    OVERVIEW: Show how much of a sample is copied from a corpus.

    Finds every passage of the sample that occurs verbatim in the text that a model
    was trained on, and says how much of the sample lies in passages of 10, 20, …
    characters or more. Texts of one language always have phrases in common. So the
    same is measured of the part of the corpus that was held out from training: what
    the sample has beyond that, the model has memorized.

    The corpus is cut as 'charlm train' cuts it: the last tenth is held out, unless
    --validation or --held-out says otherwise. It is read piece by piece, whatever
    its size.

    Example:
      charlm novelty sample.txt --corpus corpora/english.txt
      charlm novelty corpora/german.txt --corpus corpora/english.txt --json

    USAGE: charlm novelty <sample> --corpus <file> ... [--validation <fraction>]
    [--held-out <file>] [--top <number>] [--encoding <name>] [--invalid <policy>]
    [--json] [--quiet]

    ARGUMENTS:
      <sample>                The text that a model has written; - for standard
                              input.

    OPTIONS:
      --corpus <file>         The text that the model was trained on: files, folders
                              or patterns.
      --validation <fraction> The part at the end of the corpus that was held out.
                              (default: 0.1)
      --held-out <file>       A text to compare with, instead of the end of the
                              corpus.
      --top <number>          How many of the longest passages to list. (default: 5)
      --encoding <name>       The encoding of the files, by any name that ICU knows.
                              (default: auto, detected for each file)
      --invalid <policy>      What to do with bytes that are invalid in the
                              encoding; byte keeps them as they are. (values: error,
                              replace, byte; default: error)
      --json                  Print the result as JSON on standard output.
      --quiet                 Print nothing but errors on standard error.
      -h, --help              Show help information.
    """
}
