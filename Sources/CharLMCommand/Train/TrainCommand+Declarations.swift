import ArgumentParser
import CharLM

// The table of all options of `train`, and the checks that follow from it.
extension TrainCommand: DeclaredOptions {
  static let declarations: [Declaration<Self>] =
    Declaration.group(\.length) + Declaration.group(\.output) + Declaration.group(\.threads)
    + Declaration.group(\.network, excludedBy: [.resume]) + Declaration.group(\.text, excludedBy: [.resume])
    + Declaration.group(\.training, excludedBy: [.resume])
    + Declaration.group(\.regularization, excludedBy: [.resume]) + Declaration.group(\.ranks)
    + Declaration.group(\.watch)
    + [
      Declaration("--pairs", flag: \.pairs, excludedBy: [.resume]),
      Declaration("--model", \.model),
      Declaration("--resume", flag: \.resume),
      Declaration("--overwrite", flag: \.overwrite, excludedBy: [.resume, .findLearningRate]),
      Declaration("--save-every", \.saveEvery, excludedBy: [.findLearningRate], isRepeatedOnResume: true),
      Declaration("--init-from", \.initFrom, excludedBy: [.resume]),
      Declaration("--embedding-init", \.embeddingInit, excludedBy: [.resume, .initFrom]),
      Declaration("--teacher", each: \.teacher, excludedBy: [.resume, .pairs, .initFrom]),
      Declaration(
        "--teacher-weight", \.teacherWeight, in: .range(SettingRanges.teacherWeight),
        excludedBy: [.resume, .pairs], needs: Requirement(text: "training with --teacher") { !$0.teacher.isEmpty }),
      Declaration(
        "--keep", \.keep, in: .from(1, to: 10_000), excludedBy: [.findLearningRate], isRepeatedOnResume: true),
      Declaration("--find-lr", flag: \.findsLearningRate, excludedBy: [.resume]),
      Declaration("--dry-run", flag: \.dryRun, excludedBy: [.resume, .findLearningRate]),
    ] + Declaration.group(\.cache)

  /// The modes that were asked for; where several refuse an option, the first speaks.
  var modes: [TrainingMode] {
    var modes: [TrainingMode] = []
    if resume { modes.append(.resume) }
    if findsLearningRate { modes.append(.findLearningRate) }
    if pairs { modes.append(.pairs) }
    if initFrom != nil { modes.append(.initFrom) }
    if !teacher.isEmpty { modes.append(.teacher) }
    return modes
  }

  /// Refuses what has no meaning in the modes that were asked for.
  func checkExclusions() throws {
    for mode in modes {
      for declaration in Self.declarations where declaration.isGiven(in: self) {
        guard let exclusion = declaration.exclusions.first(where: { $0.mode == mode }) else { continue }
        throw ValidationError("\(declaration.name) \(mode.refusal(because: exclusion.reason)); leave it out")
      }
    }
  }

  /// Refuses what would have no effect beside the other options.
  func checkRequirements() throws {
    for declaration in Self.declarations where declaration.isGiven(in: self) {
      guard let requirement = declaration.requirement, !requirement.holds(self) else { continue }
      throw ValidationError("\(declaration.name) is for \(requirement.text); leave it out")
    }
    if pairs, corpora.count != 1 {
      throw ValidationError("--pairs takes one file, not \(corpora.count); put the pairs together")
    }
    if network.bidirectional, !pairs {
      throw ValidationError("--bidirectional needs --pairs, because a language model cannot read ahead; leave it out")
    }
    if text.validation == 0, training.patience != nil || training.schedule == .plateau {
      let name = training.patience != nil ? "--patience" : "--schedule plateau"
      throw ValidationError("\(name) needs validation, which --validation 0 turns off; leave one of them out")
    }
  }
}
