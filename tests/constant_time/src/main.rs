//! Checks that the time of a refusal does not reveal where a signature differs: like dudect
//! (Reparaz, Balasch, Verbauwhede: "Dude, is my code constant time?", 2017), and by counting
//! instructions.
//!
//! `constant_time` measures wrong signatures of two classes, in random order: the first byte
//! differs, or the last one. Welch's t of their times shows whether the means differ. As a control, a
//! comparison that stops at the first difference is measured in the same way: if its difference is
//! not found, the run proves nothing and fails.
//!
//! `constant_time WHAT INDEX` refuses signatures that differ at that byte, many times, so that
//! callgrind can count instructions (`run.sh`).
//!
//! Limits: a t above 4.5 is evidence of a difference. A lower t only excludes differences that are
//! large enough to measure here: the control's, a few nanoseconds. Equal counts of instructions show
//! that no branch depends on where the signature differs; they show nothing about instructions
//! whose time depends on data, or about caches. Both hold for this compiler and this processor. The
//! code relies on `hmac`, which compares with `subtle`.

use std::{
    env,
    hash::{BuildHasher, RandomState},
    hint::black_box,
    process::ExitCode,
    time::Instant,
};

use kling_jwt_core::{HmacKey, SIGNATURE_LEN, encode, encoded_len, verify_signature};

const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";
const MESSAGE: &[u8] = b"header.payload";
/// How many measurements per class.
const MEASUREMENTS: usize = 200_000;
/// How many calls per measurement, since the clock is coarse.
const BATCH: usize = 4;
/// dudect's threshold for suspicion.
const SUSPICIOUS: f64 = 4.5;

/// The length of a token over the message twice.
const TOKEN_LEN: usize = encoded_len(MESSAGE.len(), MESSAGE.len());

/// Aligned, so that the position in memory does not distinguish the classes.
#[repr(align(256))]
struct Aligned<T>(T);

type Refusal<'a> = Box<dyn Fn(&[u8; SIGNATURE_LEN], usize) -> bool + 'a>;

fn main() -> ExitCode {
    let key = HmacKey::new(KEY);
    let right = key.sign(MESSAGE);
    let tokens: Vec<_> = (0..SIGNATURE_LEN).map(token_that_differs_at).collect();
    let subjects: [(&str, Refusal<'_>); 3] = [
        ("HmacKey::verify", Box::new(|wrong, _| key.verify(MESSAGE, wrong))),
        ("verify_signature", Box::new(|_, at| verify_signature(text(&tokens[at]), KEY).is_ok())),
        ("control, early exit", Box::new(|wrong, _| stops_early(&right, wrong))),
    ];

    let arguments: Vec<_> = env::args().skip(1).collect();
    if let [subject, index] = &arguments[..] {
        let (_, refuse) = &subjects[subject.parse::<usize>().expect("0 to 2")];
        let at = index.parse().expect("0 to 31");
        let wrong = differing_at(&right, at);
        let accepted = (0..1000).filter(|_| refuse(black_box(&wrong), black_box(at))).count();
        return ExitCode::from(u8::from(accepted != 0));
    }

    let [one, two, control] = subjects.map(|(name, refuse)| {
        let t = welch(&measure(&right, &refuse));
        println!("constant time: {name}: |t| {t:.1} of 2 x {MEASUREMENTS}");
        t
    });
    if control < SUSPICIOUS {
        println!("constant time: inconclusive: even the control's difference was not found");
        return ExitCode::from(2);
    }
    ExitCode::from(u8::from(one >= SUSPICIOUS || two >= SUSPICIOUS))
}

fn text(token: &Aligned<[u8; TOKEN_LEN]>) -> &str {
    str::from_utf8(&token.0).expect("ASCII")
}

fn differing_at(right: &[u8; SIGNATURE_LEN], at: usize) -> [u8; SIGNATURE_LEN] {
    let mut wrong = *right;
    wrong[at] ^= 1;
    wrong
}

/// A token whose signature is wrong in one byte.
fn token_that_differs_at(at: usize) -> Aligned<[u8; TOKEN_LEN]> {
    let mut buffer = [0; TOKEN_LEN];
    let token = encode(MESSAGE, MESSAGE, KEY, &mut buffer).expect("a key and a buffer");
    let (signing_input, _) = token.rsplit_once('.').expect("three segments");
    let wrong = differing_at(&HmacKey::new(KEY).sign(signing_input.as_bytes()), at);
    // The encoder writes it in base64url as the payload of a token.
    let mut buffer = vec![0; encoded_len(0, SIGNATURE_LEN)];
    let encoded = encode(&[], &wrong, KEY, &mut buffer).expect("a key and a buffer");
    let token = format!("{signing_input}.{}", encoded.split('.').nth(1).expect("a payload"));
    Aligned(token.as_bytes().try_into().expect("as long as the right one"))
}

/// The control: a comparison that is not constant-time, and must be detected.
fn stops_early(right: &[u8; SIGNATURE_LEN], wrong: &[u8; SIGNATURE_LEN]) -> bool {
    right.iter().zip(wrong).all(|(right, wrong)| black_box(*right) == *wrong)
}

/// The times of refusals in nanoseconds, per class.
fn measure(right: &[u8; SIGNATURE_LEN], refuse: &Refusal<'_>) -> [Vec<f64>; 2] {
    let places = [0, SIGNATURE_LEN - 1];
    let wrong = places.map(|at| Aligned(differing_at(right, at)));
    let mut times = [const { Vec::new() }; 2];
    let random = RandomState::new();
    for turn in 0.. {
        let class = usize::from(random.hash_one(turn) % 2 == 0);
        if times[class].len() == MEASUREMENTS {
            if times[1 - class].len() == MEASUREMENTS {
                break;
            }
            continue;
        }
        // By index and not by branch, so that the classes run the same code.
        let (wrong, at) = (&wrong[class].0, places[class]);
        let start = Instant::now();
        for _ in 0..BATCH {
            black_box(refuse(black_box(wrong), black_box(at)));
        }
        times[class].push(start.elapsed().as_secs_f64() * 1e9);
    }
    times
}

/// Welch's t of two samples, without their slowest tenth, in which the machine did something else.
fn welch(times: &[Vec<f64>; 2]) -> f64 {
    let mut all: Vec<_> = times.iter().flatten().copied().collect();
    all.sort_by(f64::total_cmp);
    let most = all[all.len() / 10 * 9];
    let [(mean, error), (other, error_of_other)] = [0, 1].map(|class| {
        let kept: Vec<_> = times[class].iter().copied().filter(|time| *time <= most).collect();
        #[expect(clippy::cast_precision_loss, reason = "a count far below 2^53")]
        let count = kept.len() as f64;
        let mean = kept.iter().sum::<f64>() / count;
        let squares = kept.iter().map(|time| (time - mean).powi(2)).sum::<f64>();
        (mean, squares / (count - 1.0) / count)
    });
    ((mean - other) / (error + error_of_other).sqrt()).abs()
}
