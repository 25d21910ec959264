# results.json, as Gradescope documents it: the documented fields and no others, with values that they may have.
package Results;
use strict;
use warnings;
use Exporter qw(import);
use Test::More;
our @EXPORT_OK = qw(is_valid page_of);

my %of_all = map { $_ => 1 } qw(score execution_time output output_format test_output_format test_name_format visibility
        stdout_visibility extra_data tests leaderboard);
my %of_test = map { $_ => 1 } qw(score max_score status name name_format number output output_format tags visibility
        extra_data);

# is_valid({ results => DECODED, text => TEXT, out => WHAT WAS SAID }, NAME)
sub is_valid {
        my ($run, $what) = @_;
        my $results = $run->{results};
        ok $results, "$what: there is a results.json" or return diag $run->{out};
        cmp_ok length $run->{text}, '<', 500_000, "$what: of less than 500 KB";
        is_deeply [ grep { !$of_all{$_} } keys %$results ], [], "$what: its fields are documented";
        is_deeply [ map { grep { !$of_test{$_} } keys %$_ } @{ $results->{tests} } ], [],
                "$what: those of each test, too";
        is_deeply [ grep { $_->{status} !~ /^(?:passed|failed)$/
                || $_->{output_format} !~ /^(?:text|html|simple_format|md|ansi)$/ || $_->{visibility} ne 'visible'
                || $_->{score} > $_->{max_score} } @{ $results->{tests} } ],
                [], "$what: their values are";
        my $sum = 0;
        $sum += $_->{score} for @{ $results->{tests} };
        is $results->{score}, $sum, "$what: the score is the sum";
        return;
}

# A page that shows results as Gradescope does: for each test its name, its points, and its HTML.
sub page_of {
        my ($results) = @_;
        my $page = qq{<!DOCTYPE html><html><head><meta charset="utf-8"><title></title></head><body style="font: 14px sans-serif; width: 900px; margin: 1em auto"><pre>$results->{output}</pre>\n};
        $page .= qq{<div style="border: 1px solid #ccc; margin: .5em 0; padding: .5em"><b>$_->{name} ($_->{score}/$_->{max_score})</b><div>$_->{output}</div></div>\n}
                for @{ $results->{tests} };
        return "$page</body></html>\n";
}

1;
