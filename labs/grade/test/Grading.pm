# Grades submissions in the tree of a step, for tests.
package Grading;
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use JSON::PP qw(decode_json);
use lib dirname(__FILE__) . '/../../test';
use Trees qw(tree);
our @EXPORT_OK = qw($top $build $folder tree slurp spew submission grade);

our $top = abs_path(dirname(__FILE__) . '/../../..');
our $build = abs_path($ENV{BUILD} // 'build');
our $folder = tempdir(CLEANUP => 1);
chmod 0755, $folder;

sub slurp {
        my ($path) = @_;
        open my $file, '<:raw', $path or return '';
        local $/;
        return scalar(<$file>) // '';
}

sub spew {
        my ($path, $content) = @_;
        make_path(dirname($path));
        open my $file, '>:raw', $path or die "$path: $!\n";
        print $file $content;
        close $file or die "$path: $!\n";
}

# A folder with these files: submission(PATH => TEXT, ...)
sub submission {
        my %files = @_;
        remove_tree("$folder/submission");
        make_path("$folder/submission");
        spew("$folder/submission/$_", $files{$_}) for keys %files;
        return "$folder/submission";
}

# Grades: the exit status, what was said, the report.
sub grade {
        my ($tree, $submission, @options) = @_;
        my $report = "$folder/report";
        remove_tree($report);
        my $pid = open(my $out, '-|') // die "fork: $!\n";
        if (!$pid) {
                open STDERR, '>&', \*STDOUT;
                chdir $tree;
                exec 'build/grade', '--step', '2a', '--submission', $submission, '--output', $report, @options
                        or exit 127;
        }
        my $said = do { local $/; <$out> } // '';
        close $out;
        my $json = slurp("$report/grade.json");
        return { status => $? >> 8, said => $said, json => $json ? decode_json($json) : undef, report => $report };
}

1;
