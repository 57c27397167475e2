//! The program as people use it: the real binary, in directories of its own, with a fixed clock.

mod accounts;
mod amend;
mod bad_input;
mod balance;
mod capsules;
mod claims;
mod compare;
mod dealings;
mod demo;
mod handover;
mod json;
mod kinds;
mod logs;
mod origin;
mod people;
mod portfolio;
mod readme;
mod rules;
mod screens;
mod tags;
mod things;
mod title;
mod vouch;
mod witness;
mod world;
mod worlds;
