/** A parameter that no operation of the API has: what the module itself does with it is written in `via`. */
export interface OwnParameter {
  name: string;
  type: string;
  help: string;
  /** As they stand before it: `[Parameter(Mandatory)]`. */
  attributes: readonly string[];
}

/** A function of the PowerShell module. Its parameters and most of its help come from openapi.json. */
export interface Command {
  /** With an approved verb. */
  name: string;
  /** The operations that it calls, by their ids; of several the first one whose address is given as a whole. */
  operations: readonly string[];
  /** What it does, where that is not the summary of its first operation. */
  synopsis?: string;
  /** What comes out: `Finding` stands for objects of the type `Syncwarden.Finding`. */
  output?: string;
  /** What it does to what, where it writes: what `-WhatIf` and `-Confirm` say. */
  action?: string;
  /** How much it asks before it writes; `High` asks unless told otherwise. */
  impact?: 'Low' | 'Medium' | 'High';
  /** The app role that it needs, where that is another than what its operations ask for at the least. */
  role?: string;
  /** Values that are always sent: no parameters are made of them. */
  fixed?: Readonly<Record<string, string>>;
  /** Properties of the API that it has no use for. */
  without?: readonly string[];
  /** Statuses beside 2xx whose body is an answer, and no error. */
  alsoStatus?: readonly number[];
  /** The function in `Private` that does it. @default Invoke-Operation */
  via?: string;
  own?: readonly OwnParameter[];
  /** Takes all objects of the pipeline at once, in `InputObject`. */
  collects?: boolean;
  /** Commands with what they do. A test runs them in the order of this list, against the demo. */
  examples: readonly (readonly [command: string, remark: string])[];
}

const path: OwnParameter = {
  name: 'Path',
  type: 'string',
  help: 'The file that is written, and replaced where it exists.',
  attributes: ['[Parameter(Mandatory, Position = 0)]'],
};
const change: OwnParameter = {
  name: 'Change',
  type: 'psobject[]',
  help: 'What is to be changed, as it comes from the pipeline: what -WhatIf and -Confirm show. It is not sent.',
  attributes: ['[Parameter(ValueFromPipelineByPropertyName)]', "[Alias('Changes')]"],
};

/** Every function but those that connect. */
export const commands: readonly Command[] = [
  {
    name: 'Get-SyncwardenHealth',
    operations: ['health'],
    output: 'Health',
    alsoStatus: [503],
    examples: [['(Get-SyncwardenHealth).status', 'healthy, or unhealthy.']],
  },
  {
    name: 'Get-SyncwardenTarget',
    operations: ['target-get', 'targets-list'],
    synopsis: 'The watched targets, or one of them.',
    output: 'Target',
    examples: [
      ['Get-SyncwardenTarget', 'All of them, in the order of their ids.'],
      [
        "Get-SyncwardenTarget | Where-Object worstVerdict -ne 'compliant' | Get-SyncwardenFinding",
        'All findings of targets that are not in order.',
      ],
    ],
  },
  {
    name: 'Get-SyncwardenFinding',
    operations: ['findings-list'],
    output: 'Finding',
    examples: [
      ['Get-SyncwardenFinding -Verdict nonCompliant', 'Everything that is wrong, in every tenant.'],
      [
        '(Get-SyncwardenFinding fabrikam-rooms consent).reasons | Format-List code, message',
        'Why one finding is as it is.',
      ],
      [
        'Get-SyncwardenFinding -Verdict unknown | Select-Object -First 5',
        'No more pages are asked for than it takes.',
      ],
    ],
  },
  {
    name: 'Get-SyncwardenFindingResource',
    operations: ['finding-get'],
    synopsis: 'The rows of one finding: one for each room and mailbox.',
    output: 'Resource',
    fixed: { resources: 'all' },
    examples: [
      [
        'Get-SyncwardenFindingResource fabrikam-rooms impersonation -Verdict nonCompliant',
        'Rooms that are out of reach, and mailboxes within it that should not be.',
      ],
    ],
  },
  {
    name: 'Get-SyncwardenCause',
    operations: ['causes-list'],
    output: 'Cause',
    examples: [['Get-SyncwardenCause | Select-Object -First 3', 'What most targets have.']],
  },
  {
    name: 'Get-SyncwardenHistory',
    operations: ['history-list', 'history-all'],
    output: 'Transition',
    examples: [
      [
        'Get-SyncwardenHistory fabrikam-rooms -From (Get-Date).AddDays(-1)',
        'What has changed since yesterday. A time without an offset is that of this machine.',
      ],
    ],
  },
  {
    name: 'Invoke-SyncwardenAudit',
    operations: ['target-audits-post'],
    output: 'Finding',
    action: 'Audit now',
    impact: 'Low',
    examples: [
      ['Invoke-SyncwardenAudit woodgrove-rooms', 'All controls of one target, now.'],
      [
        'Get-SyncwardenFinding -Verdict unknown | Invoke-SyncwardenAudit',
        'Whatever could not be read is tried again: that control of that target.',
      ],
    ],
  },
  {
    name: 'Start-SyncwardenAudit',
    operations: ['audits-post'],
    output: 'Enqueued',
    action: 'Audit every target that is not paused',
    impact: 'Low',
    examples: [['Start-SyncwardenAudit', 'Puts them into the queue, and does not wait.']],
  },
  {
    name: 'Get-SyncwardenAudit',
    operations: ['audits-waiting'],
    output: 'Waiting',
    examples: [['(Get-SyncwardenAudit).waiting', 'How far Start-SyncwardenAudit has come.']],
  },
  {
    name: 'Set-SyncwardenTarget',
    operations: ['target-put'],
    output: 'Target',
    action: 'Create or replace the target',
    impact: 'Medium',
    examples: [
      [
        "Set-SyncwardenTarget new-rooms -TenantId c0170507-0000-4000-8000-000000000001 -VendorProfile condeco-exchange-sync -ServiceAccount svc-condeco@contoso.com -ClientAppId 7e57ab1e-0000-4000-8000-00000000c0de -Rooms @{ source = 'all'; desks = 'ignore' }",
        'A new target. What is left out gets its default.',
      ],
      [
        'Get-SyncwardenTarget new-rooms | Set-SyncwardenTarget -Paused $true',
        'The same target as it was, but paused.',
      ],
    ],
  },
  {
    name: 'Import-SyncwardenTarget',
    operations: ['targets-import'],
    output: 'ImportedTarget',
    action: 'Create or replace targets',
    impact: 'Medium',
    via: 'Import-Target',
    collects: true,
    own: [
      {
        name: 'Path',
        type: 'string',
        help: 'A file of targets: CSV, or JSON lines where its name ends in .jsonl or .ndjson.',
        attributes: ["[Parameter(Mandatory, Position = 0, ParameterSetName = 'File')]"],
      },
      {
        name: 'InputObject',
        type: 'psobject[]',
        help: 'Targets as objects: rows of Import-Csv, or what Get-SyncwardenTarget gives.',
        attributes: ["[Parameter(Mandatory, ValueFromPipeline, ParameterSetName = 'Objects')]"],
      },
    ],
    examples: [
      ['Import-SyncwardenTarget customers.csv -DryRun', 'What would become of each line.'],
      [
        "Import-Csv customers.csv | Where-Object customer -eq 'contoso' | Import-SyncwardenTarget",
        'Some of them. All are checked before the first is written.',
      ],
    ],
  },
  {
    name: 'Remove-SyncwardenTarget',
    operations: ['target-delete'],
    action: 'Delete the target with its findings and accepted risks',
    impact: 'High',
    examples: [
      ['Remove-SyncwardenTarget new-rooms -WhatIf', 'Says what it would do, and sends nothing.'],
      ['Remove-SyncwardenTarget new-rooms -Confirm:$false', 'Does not ask.'],
    ],
  },
  {
    name: 'New-SyncwardenRepairPlan',
    operations: ['remediations-post'],
    synopsis:
      'What it would take to make a finding compliant: the exact requests, with before and after. Changes nothing.',
    output: 'RepairPlan',
    fixed: { mode: 'plan' },
    without: ['planHash'],
    via: 'Get-RepairPlan',
    examples: [
      ['New-SyncwardenRepairPlan fabrikam-rooms account', 'The plan of one finding.'],
      [
        'Get-SyncwardenFinding fabrikam-rooms -Verdict nonCompliant | New-SyncwardenRepairPlan | Select-Object -ExpandProperty changes',
        'Every change that would put a target right.',
      ],
    ],
  },
  {
    name: 'Invoke-SyncwardenRepair',
    operations: ['remediations-post'],
    synopsis:
      'Applies a plan: exactly the changes that were agreed to. The tenant is read and planned again first; when the plan is another one then, nothing is changed, and the error is plan.stale.',
    output: 'RepairResult',
    fixed: { mode: 'apply' },
    role: 'Syncwarden.Remediate',
    action: 'Repair',
    impact: 'High',
    via: 'Invoke-Repair',
    own: [change],
    examples: [
      [
        'New-SyncwardenRepairPlan fabrikam-rooms account | Invoke-SyncwardenRepair -WhatIf',
        'Shows the changes, and sends nothing.',
      ],
      [
        'New-SyncwardenRepairPlan fabrikam-rooms account | Invoke-SyncwardenRepair',
        'Shows the changes, and asks.',
      ],
    ],
  },
  {
    name: 'Get-SyncwardenRepair',
    operations: ['remediation-get', 'remediations-list'],
    output: 'Repair',
    synopsis: 'What was done to a target and by whom, with before and after; also to one that was deleted.',
    examples: [['Get-SyncwardenRepair fabrikam-rooms | Select-Object -First 1', 'The newest one.']],
  },
  {
    name: 'Undo-SyncwardenRepair',
    operations: ['remediation-undo'],
    output: 'RepairResult',
    action: 'Undo the repair',
    impact: 'High',
    via: 'Invoke-Repair',
    own: [change],
    examples: [
      [
        'Get-SyncwardenRepair fabrikam-rooms | Select-Object -First 1 | Undo-SyncwardenRepair -WhatIf',
        'Shows what would be put back, and sends nothing.',
      ],
      [
        'Get-SyncwardenRepair fabrikam-rooms | Select-Object -First 1 | Undo-SyncwardenRepair',
        'Shows what would be put back, and asks.',
      ],
    ],
  },
  {
    name: 'Set-SyncwardenWaiver',
    operations: ['waiver-put'],
    output: 'Waiver',
    action: 'Accept the risk of what is found now',
    impact: 'Medium',
    examples: [
      [
        "Set-SyncwardenWaiver fabrikam-rooms consent -Reason 'The vendor needs Mail.ReadWrite until its release.' -ExpiresAt (Get-Date).AddDays(90) -Code consent.excess",
        'Exactly the violations with this code that are there now, for three months.',
      ],
    ],
  },
  {
    name: 'Get-SyncwardenWaiver',
    operations: ['waivers-list'],
    output: 'Waiver',
    examples: [['Get-SyncwardenTarget | Get-SyncwardenWaiver', 'Those of all targets.']],
  },
  {
    name: 'Remove-SyncwardenWaiver',
    operations: ['waiver-delete'],
    action: 'Take the acceptance back',
    impact: 'High',
    examples: [['Remove-SyncwardenWaiver fabrikam-rooms consent', 'Asks. The finding re-opens at once.']],
  },
  {
    name: 'Get-SyncwardenFailedMessage',
    operations: ['poison-list'],
    output: 'FailedMessage',
    examples: [['Get-SyncwardenFailedMessage', 'The first 32.']],
  },
  {
    name: 'Resume-SyncwardenFailedMessage',
    operations: ['poison-replay'],
    output: 'Replayed',
    action: 'Put failed messages back into the queue',
    impact: 'Medium',
    examples: [['Resume-SyncwardenFailedMessage', 'Says how many were put back.']],
  },
  {
    name: 'Test-SyncwardenAlert',
    operations: ['alerts-test'],
    output: 'Sent',
    action: 'Send a test alert',
    impact: 'Medium',
    examples: [
      [
        'Test-SyncwardenAlert',
        'Where no Application Insights is connected, as on a laptop, the error is unavailable.',
      ],
    ],
  },
  {
    name: 'Save-SyncwardenReport',
    operations: ['report'],
    synopsis: 'The report as a file to hand out: all targets, or one, or those of one customer.',
    fixed: { download: '1' },
    via: 'Save-Reply',
    own: [path],
    examples: [
      [
        'Save-SyncwardenReport report.html -TargetId fabrikam-rooms',
        'A page about one target, on which nothing acts.',
      ],
    ],
  },
  {
    name: 'Export-SyncwardenFinding',
    operations: ['export'],
    via: 'Save-Reply',
    own: [path],
    examples: [
      ['Export-SyncwardenFinding findings.csv -Format csv', 'A row for each reason, for a spreadsheet.'],
      [
        'Export-SyncwardenFinding evidence.json -Format json -TargetId fabrikam-rooms -From 2026-01-01',
        'With the history of this year, for an auditor.',
      ],
    ],
  },
  {
    name: 'Get-SyncwardenOpenApi',
    operations: ['openapi'],
    examples: [['(Get-SyncwardenOpenApi).info.version', 'The version of the app.']],
  },
];
