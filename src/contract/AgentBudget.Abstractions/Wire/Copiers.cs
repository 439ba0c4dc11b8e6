using Orleans.Serialization.Cloning;

namespace AgentBudget.Abstractions.Wire;

// These types are immutable through and through, so a call within a silo passes them as they are.
[RegisterCopier]
internal sealed class SessionAnswerCopier : ShallowCopier<SessionAnswer>;

[RegisterCopier]
internal sealed class RefusalCopier : ShallowCopier<Refusal>;

[RegisterCopier]
internal sealed class LoopEvidenceCopier : ShallowCopier<LoopEvidence>;

[RegisterCopier]
internal sealed class CallCopier : ShallowCopier<Call>;

[RegisterCopier]
internal sealed class BreakdownCopier : ShallowCopier<Breakdown>;

[RegisterCopier]
internal sealed class CategoryTotalCopier : ShallowCopier<CategoryTotal>;

[RegisterCopier]
internal sealed class ChildAccountCopier : ShallowCopier<ChildAccount>;

[RegisterCopier]
internal sealed class CarveOriginCopier : ShallowCopier<CarveOrigin>;

[RegisterCopier]
internal sealed class EntryCopier : ShallowCopier<Entry>;

[RegisterCopier]
internal sealed class SessionReportCopier : ShallowCopier<SessionReport>;

[RegisterCopier]
internal sealed class ReserveCommandCopier : ShallowCopier<ReserveCommand>;

[RegisterCopier]
internal sealed class SettleCommandCopier : ShallowCopier<SettleCommand>;

[RegisterCopier]
internal sealed class ReleaseCommandCopier : ShallowCopier<ReleaseCommand>;

[RegisterCopier]
internal sealed class ExtendCommandCopier : ShallowCopier<ExtendCommand>;

[RegisterCopier]
internal sealed class ChargeCommandCopier : ShallowCopier<ChargeCommand>;

[RegisterCopier]
internal sealed class TopUpCommandCopier : ShallowCopier<TopUpCommand>;

[RegisterCopier]
internal sealed class SetBudgetCommandCopier : ShallowCopier<SetBudgetCommand>;

[RegisterCopier]
internal sealed class CorrectCommandCopier : ShallowCopier<CorrectCommand>;

[RegisterCopier]
internal sealed class PauseCommandCopier : ShallowCopier<PauseCommand>;

[RegisterCopier]
internal sealed class ResumeCommandCopier : ShallowCopier<ResumeCommand>;

[RegisterCopier]
internal sealed class CloseCommandCopier : ShallowCopier<CloseCommand>;

[RegisterCopier]
internal sealed class OpenSharedChildCommandCopier : ShallowCopier<OpenSharedChildCommand>;

[RegisterCopier]
internal sealed class CloseSharedChildCommandCopier : ShallowCopier<CloseSharedChildCommand>;

[RegisterCopier]
internal sealed class CarveCommandCopier : ShallowCopier<CarveCommand>;

[RegisterCopier]
internal sealed class ReturnCarveCommandCopier : ShallowCopier<ReturnCarveCommand>;

[RegisterCopier]
internal sealed class SealCommandCopier : ShallowCopier<SealCommand>;
