//! The command line: the only room that names clap, the terminal, the clock and the source of randomness.
//!
//! One file a subcommand. Each reads its flags, asks the other rooms, and prints one screen of `report`.

mod account;
mod asked;
mod attest;
mod audit;
mod balance;
mod capsule;
mod compare;
mod context;
mod demo;
mod disclose;
mod entropy;
mod event;
mod evidence;
mod export;
mod facility;
mod failure;
mod file;
mod fsck;
mod import;
mod init;
mod key;
mod log;
mod lots;
mod naming;
mod origin;
mod party;
mod portfolio;
mod proof;
mod reader;
mod record;
mod resolve;
mod rules;
mod scenario;
mod serials;
mod show;
mod stats;
mod trace;
mod undo;
mod usage;
mod verify;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::model::time::Timestamp;
use context::Context;
use event::EventArgs;
use failure::{Exit, Failure};

/// How results are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Human,
    Json,
}

#[derive(Parser)]
#[command(
    name = "lodemark",
    version,
    about = "Record and verify where minerals came from, from mine to magnet",
    after_help = "Example:\n  lodemark demo\n\nExit status: 0 verified or done, 1 the data fails, 2 usage, 3 not established, 4 could not run"
)]
struct Cli {
    /// Directory of the ledger
    #[arg(
        long,
        global = true,
        help_heading = "Everywhere",
        value_name = "DIR",
        env = "LODEMARK_LEDGER",
        default_value = "."
    )]
    ledger: PathBuf,
    /// How to print results
    #[arg(long, global = true, help_heading = "Everywhere", value_enum, default_value = "human")]
    format: Form,
    /// Show ids beside labels
    #[arg(long, global = true, help_heading = "Everywhere")]
    ids: bool,
    /// Use this time instead of the clock's
    #[arg(long, global = true, help_heading = "Everywhere", hide = true, value_name = "TIME")]
    now: Option<Timestamp>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Init(init::Args),
    #[command(subcommand)]
    Key(key::Command),
    #[command(subcommand)]
    Party(party::Command),
    #[command(subcommand)]
    Facility(facility::Command),
    Record(record::Args),
    Extract(EventArgs<event::extract::Args>),
    Collect(EventArgs<event::collect::Args>),
    OpeningStock(EventArgs<event::opening_stock::Args>),
    Intake(EventArgs<event::intake::Args>),
    Transform(EventArgs<event::transform::Args>),
    Repack(EventArgs<event::repack::Args>),
    Charge(EventArgs<event::charge::Args>),
    Draw(EventArgs<event::draw::Args>),
    ClosePeriod(EventArgs<event::close_period::Args>),
    Assemble(EventArgs<event::assemble::Args>),
    Disassemble(EventArgs<event::disassemble::Args>),
    Dispatch(EventArgs<event::dispatch::Args>),
    Receive(EventArgs<event::receive::Args>),
    Refuse(EventArgs<event::refuse::Args>),
    Release(EventArgs<event::release::Args>),
    RequestReturn(EventArgs<event::request_return::Args>),
    Assign(EventArgs<event::assign::Args>),
    Measure(EventArgs<event::measure::Args>),
    Dispose(EventArgs<event::dispose::Args>),
    Assay(EventArgs<event::assay::Args>),
    Document(EventArgs<event::document::Args>),
    IssueTags(EventArgs<event::issue_tags::Args>),
    ApplyTags(EventArgs<event::apply_tags::Args>),
    DeclareBorder(EventArgs<event::declare_border::Args>),
    Accredit(EventArgs<event::accredit::Args>),
    WithdrawAccreditation(EventArgs<event::withdraw_accreditation::Args>),
    Certify(EventArgs<event::certify::Args>),
    SuspendCertificate(EventArgs<event::suspend_certificate::Args>),
    Host(EventArgs<event::host::Args>),
    EndHost(EventArgs<event::end_host::Args>),
    TransferTitle(EventArgs<event::transfer_title::Args>),
    CedeFacility(EventArgs<event::cede_facility::Args>),
    Withdraw(EventArgs<event::withdraw::Args>),
    Undo(undo::Args),
    Inspect(EventArgs<event::inspect::Args>),
    CloseAccount(EventArgs<event::close_account::Args>),
    RetireClaim(EventArgs<event::retire_claim::Args>),
    Waive(EventArgs<event::waive::Args>),
    Appoint(EventArgs<event::appoint::Args>),
    Correct(EventArgs<event::correct::Args>),
    Dispute(EventArgs<event::dispute::Args>),
    Resolve(EventArgs<event::resolve::Args>),
    Acknowledge(EventArgs<event::acknowledge::Args>),
    Attest(Box<attest::Args>),
    Witness(EventArgs<event::witness::Args>),
    Show(show::Args),
    Log(log::Args),
    Lots(lots::Args),
    Account(account::Args),
    Balance(balance::Args),
    Trace(trace::Args),
    Origin(origin::Args),
    Portfolio(portfolio::Args),
    Disclose(disclose::Args),
    Verify(verify::Args),
    Audit(audit::Args),
    Compare(compare::Args),
    #[command(subcommand)]
    Proof(proof::Command),
    Export(export::Args),
    Import(import::Args),
    #[command(subcommand)]
    Capsule(capsule::Command),
    Fsck(fsck::Args),
    Stats(stats::Args),
    #[command(subcommand)]
    Serials(serials::Command),
    #[command(subcommand)]
    Rules(rules::Command),
    #[command(subcommand)]
    Scenario(scenario::Command),
    Demo(demo::Args),
}

/// Parses the arguments, runs the command and returns the status to end with.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return ExitCode::from(usage::answer(&error, &arguments)),
    };
    let context = Context {
        ledger: cli.ledger,
        json: cli.format == Form::Json,
        style: context::style(cli.ids),
        fixed_now: cli.now,
    };
    let exit = cli.command.run(&context).unwrap_or_else(|failure| {
        context.complain(&failure);
        failure.exit
    });
    ExitCode::from(exit.code())
}

impl Command {
    fn run(&self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::Init(args) => args.run(context),
            Self::Key(command) => command.run(context),
            Self::Party(command) => command.run(context),
            Self::Facility(command) => command.run(context),
            Self::Record(args) => args.run(context),
            Self::Extract(args) => args.run(context),
            Self::Collect(args) => args.run(context),
            Self::OpeningStock(args) => args.run(context),
            Self::Intake(args) => args.run(context),
            Self::Transform(args) => args.run(context),
            Self::Repack(args) => args.run(context),
            Self::Charge(args) => args.run(context),
            Self::Draw(args) => args.run(context),
            Self::ClosePeriod(args) => args.run(context),
            Self::Assemble(args) => args.run(context),
            Self::Disassemble(args) => args.run(context),
            Self::Dispatch(args) => args.run(context),
            Self::Receive(args) => args.run(context),
            Self::Refuse(args) => args.run(context),
            Self::Release(args) => args.run(context),
            Self::RequestReturn(args) => args.run(context),
            Self::Assign(args) => args.run(context),
            Self::Measure(args) => args.run(context),
            Self::Dispose(args) => args.run(context),
            Self::Assay(args) => args.run(context),
            Self::Document(args) => args.run(context),
            Self::IssueTags(args) => args.run(context),
            Self::ApplyTags(args) => args.run(context),
            Self::DeclareBorder(args) => args.run(context),
            Self::Accredit(args) => args.run(context),
            Self::WithdrawAccreditation(args) => args.run(context),
            Self::Certify(args) => args.run(context),
            Self::SuspendCertificate(args) => args.run(context),
            Self::Host(args) => args.run(context),
            Self::EndHost(args) => args.run(context),
            Self::TransferTitle(args) => args.run(context),
            Self::CedeFacility(args) => args.run(context),
            Self::Withdraw(args) => args.run(context),
            Self::Undo(args) => args.run(context),
            Self::Inspect(args) => args.run(context),
            Self::CloseAccount(args) => args.run(context),
            Self::RetireClaim(args) => args.run(context),
            Self::Waive(args) => args.run(context),
            Self::Appoint(args) => args.run(context),
            Self::Correct(args) => args.run(context),
            Self::Dispute(args) => args.run(context),
            Self::Resolve(args) => args.run(context),
            Self::Acknowledge(args) => args.run(context),
            Self::Attest(args) => args.run(context),
            Self::Witness(args) => args.run(context),
            Self::Show(args) => args.run(context),
            Self::Log(args) => args.run(context),
            Self::Lots(args) => args.run(context),
            Self::Account(args) => args.run(context),
            Self::Balance(args) => args.run(context),
            Self::Trace(args) => args.run(context),
            Self::Origin(args) => args.run(context),
            Self::Portfolio(args) => args.run(context),
            Self::Disclose(args) => args.run(context),
            Self::Verify(args) => args.run(context),
            Self::Audit(args) => args.run(context),
            Self::Compare(args) => args.run(context),
            Self::Proof(command) => command.run(context),
            Self::Export(args) => args.run(context),
            Self::Import(args) => args.run(context),
            Self::Capsule(command) => command.run(context),
            Self::Fsck(args) => args.run(context),
            Self::Stats(args) => args.run(context),
            Self::Serials(command) => command.run(context),
            Self::Rules(command) => command.run(context),
            Self::Scenario(command) => command.run(context),
            Self::Demo(args) => args.run(context),
        }
    }
}
